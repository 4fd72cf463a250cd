//! Sessions that say nothing.

use std::net::TcpStream;
use std::time::Duration;

use rustix::process::{Resource, getrlimit};
use socket2::SockRef;

use super::client::Client;
use super::server::{KIB, Victim};

/// Clients that connect and say nothing.
const IDLE: usize = 2_000;
/// What one of them may cost; the kernel's buffers are not counted.
const PER_SESSION: u64 = 16 * KIB;

#[test]
fn two_thousand_idle_sessions_cost_little_and_one_more_is_served() {
    let room = getrlimit(Resource::Nofile).current.and_then(|most| usize::try_from(most).ok());
    let clients = room.map_or(IDLE, |room| IDLE.min(room / 4));
    let victim = Victim::healthy();
    victim.is_unharmed();
    let (memory, descriptors) = (victim.memory(), victim.descriptors());
    let idle: Vec<Client> = (0..clients).map(|_| victim.greeted()).collect();
    let each = victim.memory().saturating_sub(memory) / clients as u64;
    println!("{each} bytes for each of {clients} idle sessions");
    assert!(each <= PER_SESSION, "{each} bytes for each of {clients} idle sessions");
    victim.is_unharmed();
    drop(idle);
    victim.let_go_of_all_but(descriptors);
}

#[test]
fn clients_that_leave_at_once_leave_nothing_behind() {
    let victim = Victim::healthy();
    let descriptors = victim.descriptors();
    for turn in 0..3_000 {
        let stream = TcpStream::connect(victim.address()).expect("the server accepts");
        if turn % 2 == 0 {
            SockRef::from(&stream)
                .set_linger(Some(Duration::ZERO))
                .expect("our own socket can be configured");
        }
    }
    victim.is_unharmed();
    victim.let_go_of_all_but(descriptors);
}

#[test]
fn sessions_whose_client_is_gone_in_the_middle_of_a_line_end() {
    let victim = Victim::healthy();
    let descriptors = victim.descriptors();
    let torn: Vec<Client> = (0..100).map(|_| victim.logged_in()).collect();
    for client in &torn {
        client.say(b"RETR hel");
    }
    drop(torn);
    victim.let_go_of_all_but(descriptors);
    victim.is_unharmed();
}
