//! The verdict on clients of every kind.

mod cases;
mod retries;
