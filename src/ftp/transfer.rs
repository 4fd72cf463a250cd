//! A transfer: its data connection, its preliminary reply, its bytes, and the client's `ABOR` meanwhile.

use std::sync::Arc;

use bytes::Bytes;

use super::ending::Going;
use super::load::{Load, Moved};
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::{Moment, Session};
use crate::engine::{Answer, At};
use crate::fault::Wire;
use crate::journal::Cause;

impl Session {
    /// A whole transfer: the data connection, the preliminary reply, the bytes.
    pub(super) async fn transfer(
        &mut self,
        request: &mut Request,
        mut load: Load,
        opening: Reply,
        closing: Reply,
    ) -> Done {
        let wire = match self.open_data(request).await {
            Ok(wire) => wire,
            Err(done) => {
                // The file was opened before the data connection failed, as on any server.
                return Done { stored: load.stored(), ..done };
            }
        };
        self.say_opening(request, opening).await;
        let (moved, wire) = self.move_all(&mut load, wire).await;
        request.outcome.bytes = Some(load.moved);
        let stored = load.stored();
        match moved {
            Moved::Reached => {
                let truth = Reply::new(426, "Connection closed; transfer aborted.").to_bytes();
                let reached = Some(Box::new(load));
                Done { truth: Some(truth), wire, stored, reached, over: false }
            }
            Moved::Whole => {
                let kept = request.verdict.at == At::End && request.verdict.rule.is_some();
                Done { wire: wire.filter(|_| kept), stored, ..closing.into() }
            }
            Moved::Aborted(next) => {
                request.outcome.fail(Cause::Client, "the client said ABOR");
                Done { stored, over: next == Next::Over, ..Done::default() }
            }
            failure => Done { stored, ..failure.reply(request).into() },
        }
    }

    /// Moves the bytes, and listens for the client's `ABOR` meanwhile, which is an event of its own: a rule may
    /// answer it and let the transfer go on. Hands the connection back unless it was aborted.
    async fn move_all(&mut self, load: &mut Load, mut wire: Wire) -> (Moved, Option<Wire>) {
        let run = Arc::clone(&self.run);
        let abort = Moment::Command("ABOR");
        let decided = {
            let mut moving = std::pin::pin!(load.run(&mut wire, &run.files));
            loop {
                tokio::select! {
                    biased;
                    moved = &mut moving => break Err(moved),
                    () = self.control.aborted() => {}
                }
                let (verdict, open) = self.run.decide(&abort.name(self.event()));
                if !verdict.replaces_the_operation() {
                    break Ok((verdict, open));
                }
                let ignored = self.decided(abort, verdict, open, Done::default());
                if let (Next::Over, _) = Box::pin(ignored).await {
                    break Err(Moved::Aborted(Next::Over));
                }
            }
        };
        let (verdict, open) = match decided {
            Ok(decided) => decided,
            Err(moved) => return (moved, Some(wire)),
        };
        drop(wire);
        let mut truth = Reply::new(426, "Transfer aborted. Data connection closed.").to_bytes();
        truth.extend(Reply::new(226, "Abort successful.").to_bytes());
        let done = Done { truth: Some(truth), ..Done::default() };
        let (next, _) = Box::pin(self.decided(abort, verdict, open, done)).await;
        (Moved::Aborted(next), None)
    }

    /// The rest of a transfer after a rule let it go on; what is left to say.
    pub(super) async fn rest_of(&mut self, request: &mut Request, going: Going) -> Vec<u8> {
        let Going { rest: mut load, mut wire } = going;
        load.stop = None;
        let moved = load.run(&mut wire, &self.run.files).await;
        request.outcome.bytes = Some(load.moved);
        drop(wire);
        let reply = match moved {
            Moved::Whole | Moved::Reached => Reply::new(226, "Transfer complete."),
            failure => failure.reply(request),
        };
        reply.to_bytes()
    }

    /// The preliminary reply: the server's, or a rule's that stands in for it.
    async fn say_opening(&mut self, request: &mut Request, opening: Reply) {
        let own = request.preliminary().cloned();
        let text = match own {
            Some(answer) => Said::reply(&answer, &self.filling(request, b"")).whole(),
            None => opening.to_bytes(),
        };
        request.outcome.said(&text);
        let pace = self.pace();
        self.control.say(text, pace).await;
    }

    /// What a rule sends in the place of a listing or a content.
    pub(super) fn content_of(&self, request: &Request) -> Option<Bytes> {
        let send: &Answer = request.verdict.action.send.as_ref()?;
        Some(Said::exactly(send, &self.filling(request, b"")).whole().into())
    }
}
