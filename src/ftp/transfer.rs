//! A transfer: its data connection, its preliminary reply, its bytes, and what the client says meanwhile.

use std::sync::Arc;

use bytes::Bytes;

use super::control::Interruption;
use super::ending::Going;
use super::load::{Load, Moved};
use super::meanwhile::Meanwhile;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::Session;
use crate::engine::{Answer, At};
use crate::fault::Wire;

impl Session {
    /// A whole transfer: the data connection, the preliminary reply, the bytes.
    pub(super) async fn transfer(
        &mut self,
        request: &mut Request,
        mut load: Load,
        opening: Reply,
    ) -> Done {
        // The file was opened before the data connection, as on any server.
        request.left = load.file();
        let wire = match self.open_data(request).await {
            Ok(wire) => wire,
            Err(done) => return done,
        };
        self.say_opening(request, opening).await;
        let (moved, wire) = self.move_all(&mut load, wire).await;
        request.outcome.bytes = Some(load.moved);
        match moved {
            Moved::Reached => {
                let truth = Reply::new(426, "Connection closed; transfer aborted.").to_bytes();
                let rest = Some(Box::new(load));
                Done { truth: Some(truth), wire, rest, over: false }
            }
            Moved::Whole => {
                let kept = request.verdict.at == At::End && request.verdict.rule.is_some();
                Done { wire: wire.filter(|_| kept), ..load.closing.into() }
            }
            failure => failure.done(request),
        }
    }

    /// Moves the bytes, and listens to the client meanwhile. Hands the connection back unless it was
    /// aborted. A client that leaves aborts nothing: the transfer ends with its data connection.
    async fn move_all(&mut self, load: &mut Load, mut wire: Wire) -> (Moved, Option<Wire>) {
        let run = Arc::clone(&self.run);
        let heeded = {
            let mut moving = std::pin::pin!(load.run(&mut wire, &run));
            let mut there = true;
            loop {
                let interruption = tokio::select! {
                    biased;
                    moved = &mut moving => break Err(moved),
                    interruption = self.control.interrupted(), if there => interruption,
                };
                if interruption == Interruption::End {
                    there = false;
                    continue;
                }
                match self.heed(interruption).await {
                    Meanwhile::GoesOn(Next::Continue) => {}
                    Meanwhile::GoesOn(over) => break Err(Moved::Aborted(over)),
                    Meanwhile::Ends(verdict, open) => break Ok((verdict, open)),
                }
            }
        };
        let (verdict, open) = match heeded {
            Ok(heeded) => heeded,
            Err(moved) => return (moved, Some(wire)),
        };
        drop(wire);
        (Moved::Aborted(self.aborted(verdict, open).await), None)
    }

    /// The rest of a transfer after a rule let it go on.
    pub(super) async fn rest_of(&mut self, request: &mut Request, going: Going) -> Done {
        let Going { rest: mut load, wire } = going;
        load.stop = None;
        let (moved, _) = self.move_all(&mut load, wire).await;
        request.outcome.bytes = Some(load.moved);
        match moved {
            Moved::Whole | Moved::Reached => load.closing.into(),
            failure => failure.done(request),
        }
    }

    /// The preliminary reply: the server's, or a rule's that stands in for it.
    async fn say_opening(&mut self, request: &mut Request, opening: Reply) {
        let own = request.preliminary().cloned();
        let text = match own {
            Some(answer) => Said::reply(&answer, &self.filling(request, b"")).whole(),
            None => opening.to_bytes(),
        };
        request.outcome.said(&text);
        self.say_bytes(text).await;
    }

    /// What a rule sends in the place of a listing or a content.
    pub(super) fn content_of(&self, request: &Request) -> Option<Bytes> {
        let send: &Answer = request.verdict.action.send.as_ref()?;
        Some(Said::exactly(send, &self.filling(request, b"")).whole().into())
    }
}
