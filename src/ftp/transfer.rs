//! A transfer: its data connection, its preliminary reply, its bytes, and what the client says meanwhile.

use std::sync::Arc;

use bytes::Bytes;

use super::ending::Going;
use super::load::{Load, Moved};
use super::meanwhile::Meanwhile;
use super::reply::Reply;
use super::request::{Done, Next, Request};
use super::script::Said;
use super::session::Session;
use super::silence::{Heard, Silence};
use crate::engine::{Answer, At, Verdict};
use crate::fault::Wire;
use crate::run::Open;

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
        let wire = match self.secure_data(request, wire).await {
            Ok(wire) => wire,
            Err(done) => return done,
        };
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
                match wire {
                    Some(wire) if !kept => wire.finish().await,
                    wire => return Done { wire, ..load.closing.into() },
                }
                load.closing.into()
            }
            failure => failure.done(request),
        }
    }

    /// Moves the bytes, and heeds what happens meanwhile. Hands the connection back unless it was ended.
    async fn move_all(&mut self, load: &mut Load, mut wire: Wire) -> (Moved, Option<Wire>) {
        match self.move_and_heed(load, &mut wire).await {
            Ok(moved) => (moved, Some(wire)),
            Err((Heard::Word(_), verdict, open)) => {
                drop(wire);
                (Moved::Aborted(self.aborted(verdict, open).await), None)
            }
            Err((Heard::Silence, verdict, open)) => {
                (Moved::Silenced(self.fall_idle(verdict, open, Some(wire)).await), None)
            }
        }
    }

    /// Moves the bytes up to their end, or up to what ends them: it and what the rules say of it. A client that
    /// leaves ends nothing: the transfer ends with its data connection.
    async fn move_and_heed(
        &mut self,
        load: &mut Load,
        wire: &mut Wire,
    ) -> Result<Moved, (Heard, Verdict, Open)> {
        let run = Arc::clone(&self.run);
        let mut moving = std::pin::pin!(load.run(wire, &run));
        let mut ear = self.ear();
        loop {
            let heard = tokio::select! {
                biased;
                moved = &mut moving => return Ok(moved),
                heard = self.hear(&mut ear) => heard,
            };
            match heard {
                Heard::Word(word) => match self.heed(word).await {
                    Meanwhile::GoesOn(Next::Continue) => {}
                    Meanwhile::GoesOn(over) => return Ok(Moved::Aborted(over)),
                    Meanwhile::Ends(verdict, open) => return Err((heard, verdict, open)),
                },
                Heard::Silence => match self.bear_silence() {
                    Silence::Borne => {}
                    Silence::Beside(verdict, open) => {
                        let moving = moving.as_mut();
                        if let Some(moved) = self.fall_idle_beside(verdict, open, moving).await {
                            return Ok(moved);
                        }
                    }
                    Silence::Ends(verdict, open) => return Err((heard, verdict, open)),
                },
            }
        }
    }

    /// The rest of a transfer after a rule let it go on.
    pub(super) async fn rest_of(&mut self, request: &mut Request, going: Going) -> Done {
        let Going { rest: mut load, wire } = going;
        load.stop = None;
        let (moved, wire) = self.move_all(&mut load, wire).await;
        request.outcome.bytes = Some(load.moved);
        match moved {
            Moved::Whole | Moved::Reached => {
                if let Some(wire) = wire {
                    wire.finish().await;
                }
                load.closing.into()
            }
            failure => failure.done(request),
        }
    }

    /// The preliminary reply: the server's, or a rule's that stands in for it.
    async fn say_opening(&mut self, request: &mut Request, opening: Reply) {
        if request.opens_at_the_end() {
            return;
        }
        let text = match request.stand_ins() {
            Some((own, _)) => Said::reply(&own, &self.filling(request, b"")).whole(),
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
