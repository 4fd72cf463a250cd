//! SFTP packet by packet, over OpenSSH's `ssh`: `tests/packets/*.txt`, for what no client shows and for what each of them
//! only shows in its own words. What is expected comes from the drafts and the scenario language, never from what our
//! server says.
//!
//! A scenario, a line `---`, and a line a step:
//!
//! ```text
//! > STAT 1 "/a"                says this packet; several are said without waiting
//! < STATUS 1 2 "No such*" ""   hears exactly this one next
//! <raw "\0\0\0\x05\x65"        hears these bytes next
//! < end                        the channel ends
//! < silence 300ms              nothing is heard for so long
//! wait 300ms                   does nothing for so long
//! begin                        exchanges versions
//! ```
//!
//! The fields: `7` is a number of 32 bits, `7L` one of 64, `"a\xFF"` a string behind its length (`"x" x100` is a hundred
//! of it), `raw"\0"` bytes as they are, `@` the handle heard last. What is heard may also be `?`, any number, `~`, any string,
//! `#9`, any string of nine bytes, and `*`, whatever follows.

mod fields;
mod play;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

macro_rules! packets {
    ($($name:ident)*) => {
        const LISTED: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        #[ignore = "needs ssh: tests/run"]
        fn $name() {
            play::play(stringify!($name));
        })*
    };
}

packets! {
    a_content_of_its_own
    a_handle_that_nobody_has
    a_listing_lies_about_what_there_is
    a_packet_longer_than_it_says
    a_packet_says_more_than_its_fields
    a_status_is_said_so_often
    a_user_is_at_home
    acknowledgements_out_of_order
    an_unknown_kind_of_packet
    any_bytes_in_place_of_a_listing
    a_content_around_the_truth
    a_natural_failure_in_other_words
    an_answer_by_hand_has_its_requests_id
    any_bytes_in_place_of_an_answer
    bytes_before_the_version
    limits_are_told
    longnames_are_laid_out_as_by_openssh
    more_entries_are_announced_than_there_are
    names_lead_out_of_the_folder
    s1
    s10
    s10_write
    s11
    s11_handles
    s12
    s12_dies
    s13
    s14
    s15_eof_early
    s15_eof_never
    s15_failure
    s15_zero
    s16
    s17
    s18
    s18_silence
    s19
    s1_language
    s2
    s20
    s20_never
    s21
    s22_failure
    s22_lost
    s22_overwrite
    s23
    s23_lie
    s24
    s25_fails
    s25_relative
    s25_two_names
    s26_attrs_longname
    s26_duplicates
    s26_endless
    s26_eof_at_once
    s26_huge
    s26_no_dots
    s26_one_entry
    s27_loops
    s27_readlink
    s27_reversed
    s28
    s28_times
    s29
    s30
    s30_not_stored
    s31_invisible
    s31_locked
    s31_picked_up
    s32
    s33
    s3_bytes_huge
    s3_no_fields
    s4
    s5_data_unknown
    s5_ok_for_handle
    s6_id
    s6_never
    s6_twice
    s7
    s8_absent
    s8_junk
    s8_number
    s8_short
    s8_status
    s9_length
    s9_truncated
    stat_lies
    version_2
    version_6
}

/// The fragments of the scenario language's reference, where they are checked for being right.
const CHECKED: &str = include_str!("../../../../src/scenario/tests/fragments.rs");

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/packets")
}

#[test]
fn every_transcript_has_a_test() {
    let names = fs::read_dir(folder()).expect("the transcripts can be listed").map(|file| {
        let path = file.expect("a file can be read").path();
        path.file_stem().expect("a file has a name").to_string_lossy().into_owned()
    });
    let listed: BTreeSet<String> = LISTED.iter().map(ToString::to_string).collect();
    let unlisted: Vec<_> = names.filter(|name| !listed.contains(name)).collect();
    assert!(unlisted.is_empty(), "name these in `packets!`: {unlisted:?}");
}

/// The rows of the table of SFTP's fragments: `("S6 id", &["{when: …}"])`.
fn fragments() -> Vec<(String, &'static str)> {
    let rows = CHECKED.split("\"S").skip(1).filter_map(|row| {
        let (name, rest) = row.split_once("\",")?;
        let (fragment, _) = rest.trim_start().strip_prefix("&[\"")?.split_once("\"]")?;
        Some((format!("S{name}"), fragment))
    });
    rows.collect()
}

/// Each fragment is seen: the transcript that is named for it has it, to the letter.
#[test]
fn every_fragment_is_seen_packet_by_packet() {
    let fragments = fragments();
    assert_eq!(fragments.len(), 68, "the table was not understood: {fragments:?}");
    for (name, fragment) in fragments {
        let words = name.to_lowercase();
        let words: Vec<&str> = words
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let path = folder().join(words.join("_")).with_extension("txt");
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{name}: write {}: {error}", path.display()));
        let shortened = text.starts_with(&format!("# {name}, its time shortened\n"));
        assert!(shortened || text.starts_with(&format!("# {name}\n")), "{}", path.display());
        assert!(
            shortened || text.contains(fragment),
            "{}: `{fragment}` is missing",
            path.display()
        );
    }
}
