//! Clients that are hostile, broken or only slow. Whatever they do, memory stays bounded, nobody else waits, and the
//! journal blames them and never us. All counts are bounded, and all of it stays on the loopback.

mod client;
mod floods;
mod idle;
mod lines;
mod server;
mod ssh;
mod transfers;
