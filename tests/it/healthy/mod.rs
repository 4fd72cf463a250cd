//! What every client must be able to do with a healthy server.
//!
//! Each check runs against vsftpd and `ProFTPD`, which proves that the check is right, and then against badftp.

pub(crate) mod aioftp;
pub(crate) mod basic_ftp;
pub(crate) mod curl;
pub(crate) mod ftplib;
mod gigabyte;
pub(crate) mod lftp;
mod ncftp;
mod net_ftp;
pub(crate) mod noise;
pub(crate) mod rclone;
mod tnftp;
mod wget;

/// Names that a client must carry to the server and back unharmed.
const NAMES: [&str; 9] = [
    "plain.txt",
    "with two  spaces.txt",
    "a \"quoted\" name.txt",
    "it's.txt",
    "smörgåsbord ☃.txt",
    "-dash.txt",
    "50% & more; #1.txt",
    "back\\slash.txt",
    "[brackets]{braces}.txt",
];

/// Makes a test of each check for each server and family: `curl::vsftpd::v4::resumes_a_download`.
macro_rules! checks {
    ($needs:literal: $($check:ident)+) => {
        $crate::healthy::checks!(@table $($check)+);
        $crate::healthy::checks!(@server $needs vsftpd crate::peers::Vsftpd, $($check)+);
        $crate::healthy::checks!(@server $needs proftpd crate::peers::Proftpd, $($check)+);
        $crate::healthy::checks!(@server $needs badftp crate::badftp::Badftp, $($check)+);
    };
    // vsftpd knows neither MLSD nor MFMT.
    ($needs:literal, modern: $($check:ident)+) => {
        pub(crate) mod modern {
            use super::{$($check),+};

            $crate::healthy::checks!(@table $($check)+);
            $crate::healthy::checks!(@server $needs proftpd crate::peers::Proftpd, $($check)+);
            $crate::healthy::checks!(@server $needs badftp crate::badftp::Badftp, $($check)+);
        }
    };
    // Not to be had of each client in each place.
    ($needs:literal, active: $($check:ident)+) => {
        pub(crate) mod active {
            use super::{$($check),+};

            $crate::healthy::checks!(@table $($check)+);
            $crate::healthy::checks!(@server $needs vsftpd crate::peers::Vsftpd, $($check)+);
            $crate::healthy::checks!(@server $needs proftpd crate::peers::Proftpd, $($check)+);
            $crate::healthy::checks!(@server $needs badftp crate::badftp::Badftp, $($check)+);
        }
    };
    // ProFTPD is strict about what vsftpd forgives.
    ($needs:literal, forgiving: $($check:ident)+) => {
        mod forgiving {
            use super::{$($check),+};

            $crate::healthy::checks!(@server $needs vsftpd crate::peers::Vsftpd, $($check)+);
            $crate::healthy::checks!(@server $needs badftp crate::badftp::Badftp, $($check)+);
        }
    };
    ($needs:literal, v4: $($check:ident)+) => {
        mod vsftpd {
            $crate::healthy::checks!(@family $needs v4 V4 crate::peers::Vsftpd, $($check)+);
        }
        mod proftpd {
            $crate::healthy::checks!(@family $needs v4 V4 crate::peers::Proftpd, $($check)+);
        }
        mod badftp {
            $crate::healthy::checks!(@family $needs v4 V4 crate::badftp::Badftp, $($check)+);
        }
    };
    (@table $($check:ident)+) => {
        /// For a server that runs elsewhere, by their names.
        #[allow(dead_code, reason = "some clients do not get through to each server")]
        pub(crate) const CHECKS: &[(&str, fn(&$crate::site::Site))] = &[$((stringify!($check), $check)),+];
    };
    (@server $needs:literal $server:ident $start:path, $($check:ident)+) => {
        mod $server {
            $crate::healthy::checks!(@family $needs v4 V4 $start, $($check)+);
            $crate::healthy::checks!(@family $needs v6 V6 $start, $($check)+);
        }
    };
    (@family $needs:literal $module:ident $family:ident $start:path, $($check:ident)+) => {
        mod $module {
            use $start as Server;

            $(
                #[test]
                #[ignore = $needs]
                fn $check() {
                    let server = Server::healthy($crate::site::Family::$family);
                    super::super::$check(&server.site());
                }
            )+
        }
    };
}
use checks;
