//! What is said on the wire, literally: `tests/transcripts/*/*.txt`, which need no Rust to write or to read.
//!
//! A transcript is a scenario, a line `---`, and a line a step; without that line it is all steps, and the server
//! is healthy. What is expected comes from the RFCs and the scenario language, never from what our server says.
//!
//! ```text
//! serve --max-hold 1s       further arguments of `badftp serve`; `serve ipv6` for a server on ::1
//! login ann secret          from the greeting to the 230; `login` alone is somebody's
//! > USER ann                says this line; CRLF is added; `>` alone is an empty line
//! < 331 *                   hears exactly this line with CRLF; `*` stands for any run of characters
//! >raw "US\xE9\r\n" x3      says these bytes, three times; escapes are \r \n \0 \" \\ and \xFF
//! <raw "22"                 hears these bytes next, whatever follows
//! >urgent "ABOR\r\n"        the last byte is urgent (MSG_OOB)
//! > end  > reset            our half ends (FIN); the connection is reset (RST)
//! < end  < reset            the server's FIN, or RST; the next line begins a new connection
//! < silence 300ms           nothing is heard for so long
//! < refused                 a new connection is refused, now or a little later; one that must be made may be, too
//! epsv  pasv                asks for a data connection, and makes it
//! eprt  port                listens for one, and announces it
//! data connect              once more to the port last announced; also `data connect from 127.0.0.2`,
//!                           `data connect refused`, `data connect silence 300ms`
//! data> "bytes" x1000       as above; `data> end`, `data> reset`
//! data< "bytes"             as above; `data< end`, `data< reset`, `data< silence 300ms`
//! data< -rw* 5 * a.txt      a line of a listing
//! data< 65536 bytes         so many bytes, whatever they are
//! data< from 127.0.0.2      who made the data connection
//! until SIZE a < 213 3      says it again and again until this is the answer: for what comes true a little later
//! wait 300ms                does nothing for so long
//! took 300ms                at least so long since something was said
//! 2> NOOP                   the same on a second control connection: `2< …`, `2 epsv`, `2 data< …`
//! # why                     a comment
//! <ports>1                  a port that nobody else has: one of ten, which differ in their last digit
//! ```
//!
//! A connection is made when it is first named. Every read is bounded.
//!
//! That something comes late is told by `took`, which is right on a busy machine, too. `silence` before something that
//! comes by itself only stands where it tells in which order things come, and then a second or more is left between.

pub(crate) mod bytes;
mod fragments_seen;
mod play;
mod script;
mod step;
mod wire;

use std::collections::BTreeSet;
use std::fs;

/// A test for each file, by folder and name.
macro_rules! transcripts {
    ($($folder:ident { $($name:ident)* })*) => {
        const LISTED: &[&str] = &[$($(concat!(stringify!($folder), "/", stringify!($name)),)*)*];
        $(mod $folder {
            $(#[test]
            fn $name() {
                super::play::play(concat!(stringify!($folder), "/", stringify!($name)));
            })*
        })*
    };
}

transcripts! {
    answers {
        a_230_logs_in
        a_delay_comes_first
        a_long_reply
        a_natural_failure_in_other_words
        a_port_is_shut_by_a_limit
        a_port_is_shut_by_a_state
        a_reply_may_be_cut
        a_reply_may_dribble
        a_reply_takes_the_place_of_the_answer
        a_silence_of_transfers_or_of_bytes
        an_answer_is_quoted_as_it_would_have_gone_out
        an_answer_is_said_so_often
        an_answer_lets_the_next_one_pass
        an_endless_answer_ends_at_the_cap
        any_verb_can_be_named
        at_connect_the_answer_is_the_greeting
        at_the_end_all_is_done
        bytes_and_placeholders_stand_in_texts
        every_answer_can_be_in_other_words
        lines_may_have_pauses_between
        none_says_nothing
        rules_on_listeners_shut_the_port
        send_is_exact
        the_greeting_is_the_scenarios
        the_lines_within_a_reply_are_free_text
        what_is_cut_at_nothing_is_done
    }
    commands {
        a_closed_active_port_is_answered_425
        a_fraction_of_a_second_is_kept
        a_host_is_named_before_the_user
        a_huge_file_is_digested_while_others_are_served
        a_login_is_a_name_and_a_password
        a_login_out_of_order_is_refused
        a_restart_is_a_number
        a_slash_at_the_end_means_a_folder
        a_verb_that_is_unknown
        active_ports_are_taken
        an_account_is_only_given_where_it_is_asked_for
        an_unknown_family_is_answered_with_those_known
        an_unused_name_is_made
        directories_come_and_go
        english_is_spoken
        epsv_all_is_a_promise
        facts_are_changed
        facts_are_told_of_one_path
        facts_may_all_be_left_out
        files_are_deleted_and_renamed
        files_are_digested
        help_names_every_verb
        little_is_allowed_before_the_login
        mdtm_sets_a_time
        nobody_else_is_reached_through_us
        nothing_to_abort
        one_walks_through_directories
        only_the_users_of_a_scenario_log_in
        only_the_usual_representation_is_known
        over_ipv6
        passive_ports_are_announced
        quit_waits_for_the_transfer_to_end
        rein_begins_anew
        rnfr_is_followed_by_rnto_at_once
        room_is_announced_and_not_needed
        site_changes_files
        size_is_what_a_transfer_would_move
        spaces_do_not_make_an_argument
        the_server_tells_about_itself
        the_status_is_that_of_the_session
        the_status_of_a_path_is_a_listing
        times_are_told_and_set
    }
    counts {
        a_blank_is_an_argument
        a_coin_is_fair_enough
        a_denied_login_ends_as_its_rule_says
        a_list_of_rules_is_a_script
        a_login_is_a_lie
        a_login_refused_by_a_rule_is_denied_too
        a_password_without_a_name_is_no_login
        a_resume_is_told_from_a_beginning
        a_rule_acts_for_a_time
        a_state_is_entered_when_its_rule_acts
        a_state_per_connection
        an_abort_may_be_answered_by_a_rule
        an_abort_of_a_stall_is_an_event
        an_address_counts_by_itself
        an_event_has_all_its_names
        each_connection_counts_by_itself
        each_path_counts_by_itself
        each_user_counts_by_itself
        filters_stand_before_counts
        refused_logins_are_counted
        so_many_bytes_a_file
        so_many_bytes_a_user
        so_many_connections
        so_many_data_connections
        so_many_downloads
        so_many_logins
        states
    }
    data {
        a_chunk_bounds_each_piece
        a_download_ends_before_its_first_byte
        a_download_ends_part_way
        a_download_flows_on
        a_download_is_answered_in_place_of_it
        a_download_stalls
        a_listing_and_a_content_are_sent_so_often
        a_listing_ends_part_way
        a_passive_port_refuses
        a_passive_reply_lies
        a_point_never_reached_is_spent
        a_preliminary_reply_stands_in_for_the_150
        a_refusal_leaves_the_data_connection_alone
        a_send_is_the_data
        a_shared_passive_port_is_for_its_client
        a_shared_passive_port_may_be_shut
        a_silent_stall_of_the_data_connection
        a_slowed_download_may_be_aborted
        an_active_connection_comes_from_elsewhere
        an_active_connection_comes_late
        an_active_connection_is_not_made
        an_endless_download_ends_with_the_client_or_at_the_cap
        an_upload_ends_part_way
        an_upload_flows_on
        an_upload_stalls
        an_upload_that_ends_before_the_point_is_healthy
        both_replies_of_a_transfer_are_the_rules
        bytes_are_damaged
        passive_ports_are_those_of_the_scenario
        passive_ports_run_out
        sessions_share_a_passive_port
        the_advertised_address_is_told
        the_data_connection_is_an_event
        the_data_goes_on_when_the_control_connection_is_dead
        the_end_of_a_download
        the_true_answer_is_the_healthy_one
        the_truth_may_stand_in_what_is_sent
        the_waiting_connection_is_reset_or_left_open
        transfers_are_slow
        two_clients_share_a_range_of_ports
        what_is_sent_may_follow_the_truth
        what_is_sent_may_have_an_answer_of_its_own
        without_a_data_key_it_closes
    }
    endings {
        a_late_close_is_capped
        a_login_has_its_time
        a_session_may_be_idle_while_data_flows
        a_silent_session_is_idle
        a_stall_is_capped
        a_transfer_is_not_idle
        more_than_sixteen_stalls
        our_half_ends_and_the_clients_goes_on
        the_server_restarts
        the_session_closes
        the_session_is_cut_or_reset
    }
    fragments {
        d1
        d10_after_150
        d10_nothing
        d11_from_wrong_address
        d11_from_wrong_port
        d11_late
        d11_never
        d11_to_wrong_port
        d12
        d13
        d14
        d15
        d16
        d17
        d18_late
        d18_never
        d19
        d2
        d20
        d21
        d22_fewer
        d22_more
        d23
        d24_ascii
        d24_garbage
        d25
        d26
        d27
        d28
        d29_ignored
        d29_refused
        d29_zero_fill
        d30_refused
        d30_rewrites
        d31
        d32
        d33
        d34
        d34_clock
        d35
        d36
        d36_not_utf_8
        d37
        d37_file
        d38
        d39
        d3_no_parentheses
        d3_octet_port_0
        d40
        d40_skew
        d41_allo
        d41_write
        d42
        d4_closed_port
        d4_delimiters
        d4_port
        d5
        d6
        d7_never_accepted
        d7_refused
        d8
        d8_at_once
        d9
        f1
        f10
        f10_transient
        f11
        f12
        f13
        f14_ban
        f14_delay
        f15
        f16
        f16_silent
        f17
        f18_late
        f18_never
        f19_double
        f19_stray
        f20
        f20_nul
        f21_17_kb
        f21_200_lines
        f21_endless
        f22_joined
        f22_split
        f23
        f24
        f25
        f26
        f27
        f28
        f28_true_path
        f29
        f29_mkd_race
        f2_after_pass
        f2_between_commands
        f2_cwd
        f3
        f30
        f31
        f32
        f33
        f34_charset
        f34_opts
        f35
        f36
        f4_dribble
        f4_no_greeting
        f5
        f6_not_utf_8
        f6_shapes
        f7
        f8
        f9
        n1
        n10_bursts
        n10_latency_cap_segments
        n11
        n12_doubled
        n12_flip
        n12_lost
        n13
        n14
        n14_rst
        n15
        n16
        n3_fin
        n4
        n5_control
        n5_down
        n5_up
        n6
        n7_control
        n7_data
        n8
        n9
    }
    keep {
        a_download_changes_its_file
        a_resumed_upload_is_undone
        a_size_cuts_or_fills
        an_append_is_undone
        an_upload_is_acknowledged_and_not_stored
        an_upload_shows_later
        in_place_of_the_upload
        what_is_done_by_path_is_acknowledged_and_not_done
        what_is_done_by_path_shows_later_or_is_gone_then
        what_was_there_is_gone_too
        while_the_data_flows_on
        with_a_failure
    }
    lines {
        a_client_may_leave_without_a_word
        a_line_may_end_in_lf_alone
        a_line_too_long_is_refused_once
        a_nul_is_in_no_name
        a_path_too_long_is_refused_by_name
        an_empty_line_is_no_command
        commands_may_be_sent_ahead
        commands_may_come_byte_by_byte
        commands_may_wait_for_a_transfer
        telnet_is_not_part_of_a_command
        the_last_commands_of_a_client_that_leaves_are_answered
        urgent_bytes_stay_in_line
    }
    listings {
        a_listing_lies_about_what_there_is
        claims_of_everything_else
        claims_of_size_and_time
        dos_style
        dot_files_are_hidden
        dots_are_shown
        eplf_style
        facts_are_those_of_the_scenario
        list_is_as_ls_prints_it
        mlsd_has_facts
        mvs_style
        nlst_has_names_only
        nonstop_style
        os400_style
        permissions_and_owners_are_shown
        vms_style
    }
    names {
        a_255_is_doubled_both_ways
        a_new_line_cannot_end_a_reply
        a_trailing_slash_is_a_directorys
        a_user_is_at_home_after_the_login
        latin_1_on_the_wire
        names_are_bytes
        names_have_spaces
        quotes_are_doubled
        utf_8_is_not_promised_in_latin_1
    }
    shape {
        a_name_may_be_enough
        a_proxy_header_is_required
        a_restart_may_fill_with_zeros
        a_user_has_a_root
        a_user_has_files
        feat_gains_lines
        permissions_hold
        servers_differ
        the_disk_is_full
        the_greeting_has_several_lines
        the_network_delays_each_answer
        the_network_is_slow
        the_network_is_thin
        verbs_are_taken_away
    }
    transfers {
        a_client_may_break_off_a_transfer
        a_crlf_in_a_file_goes_out_as_it_is
        a_crlf_may_be_torn
        a_download_begins_where_rest_says
        a_file_comes_as_it_is_in_binary
        a_lone_cr_at_the_end_is_kept
        a_new_port_takes_the_place_of_the_old
        a_restart_in_ascii_counts_what_was_sent
        a_server_may_answer_during_a_transfer
        a_stranger_is_turned_away
        a_transfer_may_be_aborted
        a_transfer_that_cannot_begin_is_refused
        a_transfer_that_waits_for_its_connection_may_be_aborted
        an_upload_begins_where_rest_says
        an_upload_replaces_what_was_there
        an_upload_without_a_port_changes_nothing
        appe_adds_to_the_end
        during_a_transfer_all_but_abor_waits
        lines_end_in_crlf_in_ascii
        only_abor_and_stat_are_heard_during_a_transfer
        the_status_is_told_during_a_transfer
        two_clients_transfer_at_once
        what_is_behind_a_resumed_upload_stays
        without_a_port_there_is_no_transfer
    }
}

#[test]
fn every_transcript_has_a_test() {
    let mut found = BTreeSet::new();
    for folder in fs::read_dir(script::folder()).expect("the transcripts can be listed") {
        let folder = folder.expect("a folder can be read").path();
        for file in fs::read_dir(&folder).expect("a folder of transcripts can be listed") {
            let path = file.expect("a file can be read").path();
            let name = path.strip_prefix(script::folder()).expect("it is below the folder");
            found.insert(name.with_extension("").to_string_lossy().into_owned());
        }
    }
    let listed: BTreeSet<String> = LISTED.iter().map(ToString::to_string).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    assert!(unlisted.is_empty(), "name these in `transcripts!`: {unlisted:?}");
}
