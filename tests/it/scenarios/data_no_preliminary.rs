//! A 226 where a 150 should be.

use super::{Deed, every_client_shows_the_same};
use crate::compare::Texts;
use crate::peers::Literal;

const GET: Deed = Deed::Get("/hello.txt");
const RESPONSE: (i32, &str) = (19, "RETR response: 226");

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn a_226_without_data_is_shown_as_with_exact_bytes() {
    let real = Literal::new().says("SIZE", "213 19").says("RETR", "226 Transfer complete.").site();
    every_client_shows_the_same("ftp/data-no-preliminary", &real, Texts::Same, GET, RESPONSE);
}
