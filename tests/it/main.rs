//! badftp as its users meet it: stock clients against a server process on a loopback port.
//!
//! `cli` is about the command line itself; `badftp` and `peers` start servers, ours and real ones; `clients` run the
//! clients; `healthy` has what every client must be able to do with both, `listings` and `verbs` what only some clients
//! do; `scenarios` compares what a client shows of badftp with what it shows of a real server in that state;
//! `reports` are public bug reports, told as scenarios. Tests that need an installed client or server are ignored until
//! `tests/run` installs them.
//!
//! No test is repeated until it passes. What takes its time is waited for by its event (`until`), a port that a test names
//! is its own (`ports`), and where a client may show one of two things, the test tells both and why.

#![allow(clippy::disallowed_methods, reason = "tests wait for no rule")]

mod alike;
mod alone;
mod badftp;
mod catalog;
mod cli;
mod clients;
mod compare;
mod container;
mod control;
mod dialogue;
mod everywhere;
mod family;
mod ftps;
mod healthy;
mod holds;
mod hostile;
mod house;
mod library;
mod listings;
mod outside;
mod peers;
mod ports;
mod recipes;
mod reports;
mod run;
mod scenarios;
mod session;
mod sftp;
mod site;
mod transcript;
mod until;
mod verbs;
mod verdict;
