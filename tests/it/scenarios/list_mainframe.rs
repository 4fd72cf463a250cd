//! Listings of systems that are no Unix, which no Debian package speaks: exact bytes, in the forms of faults.json, EX-055
//! to EX-057, and of the listings that `FileZilla`, Mozilla and Apache Commons Net test their parsers with.

use serde_json::json;

use super::{CLIENTS, Deed};
use crate::badftp::Badftp;
use crate::clients::{Desk, basic_ftp, curl, rclone};
use crate::compare::{Texts, same};
use crate::peers::Literal;
use crate::run::Shown;
use crate::site::Site;

struct System {
    scenario: &'static str,
    syst: &'static str,
    listing: &'static str,
    names: &'static str,
}

const ZOS: &str = "215 MVS is the operating system of this server. FTP Server is running on z/OS.";
const UNIX: &str = "215 UNIX Type: L8";

const SYSTEMS: [System; 6] = [
    System {
        scenario: "ftp/list-mainframe",
        syst: ZOS,
        listing: "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname\r\n\
                  BADFTP 3390   2026/07/20  1    2  FB      80 27920  PS  INCOMING.RPT\r\n\
                  BADFTP 3390   2026/03/12  1    1  FB      80 27920  PO  SYS1.PARMLIB\r\n",
        names: "INCOMING.RPT\r\nSYS1.PARMLIB\r\n",
    },
    System {
        scenario: "ftp/list-mainframe/members",
        syst: ZOS,
        listing: " Name     VV.MM   Created       Changed      Size  Init   Mod   Id\r\n \
                  LOADER    01.00 2026/06/12 2026/06/12 09:37    11    11     0 ANN\r\n \
                  REPORT    01.03 2026/06/12 2026/07/20 10:14    11     8     0 ANN\r\n",
        names: "LOADER\r\nREPORT\r\n",
    },
    System {
        scenario: "ftp/list-mainframe/vms",
        syst: "215 VMS MultiNet V5.5",
        listing: "\r\nDirectory DISK$USER:[000000]\r\n\r\n\
                  MONTHLY_REPORT_OF_SALES.CSV;1\r\n                            \
                  9   2-JUN-1998 07:32 [FTP] (RWED,RWED,RE,RE)\r\n\
                  REPORT.CSV;1                9   2-JUN-1998 07:32 [FTP] (RWED,RWED,RE,RE)\r\n\
                  WWW.DIR;1                   1   2-JUN-1998 07:32 [FTP] (RWE,RWE,RE,RE)\r\n\
                  \r\n\r\nTotal of 19 blocks in 3 files.\r\n",
        names: "MONTHLY_REPORT_OF_SALES.CSV\r\nREPORT.CSV\r\nWWW\r\n",
    },
    System {
        scenario: "ftp/list-mainframe/os400",
        syst: "215  OS/400 is the remote operating system. The TCP/IP version is \"V7R1M0\".",
        listing: "QSYS             4096 02/23/00 15:09:55 *DIR       folder/\r\n\
                  QUSER            1575 02/23/00 15:10:00 *STMF      report.csv\r\n",
        names: "folder\r\nreport.csv\r\n",
    },
    System {
        scenario: "ftp/list-mainframe/eplf",
        syst: UNIX,
        listing: "+i1.1,m1784541120,/,\tReports\r\n+i1.2,m1784542440,r,s1234,\treport.csv\r\n",
        names: "Reports\r\nreport.csv\r\n",
    },
    System {
        scenario: "ftp/list-mainframe/nonstop",
        syst: UNIX,
        listing: "File         Code             EOF  Last Modification    Owner  RWEP\r\n\
                  RYM01           0             4096  2-Jan-26 15:36:34 255,255 \"nunu\"\r\n",
        names: "RYM01\r\n",
    },
];

impl System {
    fn real(&self) -> Site {
        let done = "226 Directory send OK.";
        let real = Literal::new().says("SYST", self.syst);
        let real = real.sends("LIST", self.listing.as_bytes(), done);
        real.sends("NLST", self.names.as_bytes(), done).site()
    }
}

#[test]
#[ignore = "needs curl, lftp and python3: tests/run"]
fn every_client_reads_the_listing_as_that_of_exact_bytes() {
    for system in SYSTEMS {
        for client in CLIENTS {
            let list = |site: &Site| Deed::List.by(client, site);
            same(system.scenario, &system.real(), Texts::Same, list).ok();
        }
    }
}

#[test]
#[ignore = "needs curl: tests/run"]
fn the_listing_is_that_of_the_system_byte_by_byte() {
    for System { scenario, listing, .. } in SYSTEMS {
        let badftp = Badftp::serve(scenario);
        let shown = curl(&Desk::new(), &badftp.site(), &[&badftp.site().url("/")]).ok();
        // curl turns the CRLF of an ASCII transfer into LF.
        assert_eq!(shown, listing.replace("\r\n", "\n"), "{scenario}");
    }
}

/// rclone 1.60 and basic-ftp understand none of them; only basic-ftp says so.
#[test]
#[ignore = "needs node and rclone: tests/run"]
fn clients_without_a_parser_see_nothing() {
    for system in SYSTEMS {
        let list = |site: &Site| rclone(&Desk::new(), site, &["lsf", ":ftp:/"]);
        let shown = same(system.scenario, &system.real(), Texts::Same, list).ok();
        assert_eq!(shown, "", "{}", system.scenario);
        let kinds =
            |site: &Site| -> Shown { basic_ftp(&Desk::new(), site, &json!([["kinds", "/"]])) };
        same(system.scenario, &system.real(), Texts::Same, kinds);
    }
}
