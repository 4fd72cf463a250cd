//! The image's own health check.

use std::io::Read;
use std::net::TcpStream;

use serde_json::json;

use super::{Container, podman::podman};
use crate::control::http;
use crate::run::Shown;
use crate::session::Session;

fn check(container: &Container) -> Shown {
    podman(&["healthcheck", "run", &container.name])
}

/// As orchestrators see it.
fn health(container: &Container) -> String {
    container.inspect("{{.State.Health.Status}}")
}

#[test]
#[ignore = "needs podman: tests/run"]
fn a_healthy_container_is_healthy_at_the_first_look() {
    let container = Container::published(&[], &[]);
    check(&container).ok();
    assert_eq!(health(&container), "healthy");
}

/// As many clients as there are descriptors: nobody else is greeted.
#[test]
#[ignore = "needs podman: tests/run"]
fn a_dead_listener_makes_it_unhealthy() {
    let few = ["--ulimit=nofile=40:40", "--ulimit=nproc=1024:1024"];
    let container = Container::published(&few, &[]);
    check(&container).ok();
    let clients: Vec<TcpStream> = (0..60)
        .map(|_| TcpStream::connect(container.site().address).expect("the kernel accepts"))
        .collect();
    // The image says three.
    for _ in 0..3 {
        check(&container).failed();
    }
    assert_eq!(health(&container), "unhealthy");
    drop(clients);
    check(&container).ok();
    assert_eq!(health(&container), "healthy");
}

#[test]
#[ignore = "needs podman: tests/run"]
fn rules_counts_and_journal_know_nothing_of_it() {
    let rules = "rules:
  - {when: connect, times: 1, reply: 421 Not you, then: close}
  - {when: login, times: 1, reply: 530 Not you}
";
    let container = Container::published(&[], &["serve", rules]);
    for _ in 0..3 {
        check(&container).ok();
    }
    let journal = http::get(container.control(), "/journal").json();
    assert_eq!(journal["records"], json!([]));
    let mut turned_away = TcpStream::connect(container.site().address).expect("it listens");
    let mut said = String::new();
    turned_away.read_to_string(&mut said).expect("the server says why");
    assert_eq!(said, "421 Not you\r\n");
    let mut session = Session::greeted_at(container.site().address);
    session.ask("USER ann");
    assert_eq!(session.ask("PASS x"), "530 Not you\r\n");
}
