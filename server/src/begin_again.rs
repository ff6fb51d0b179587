//! What a panic does to `tocsin serve`: the process begins again, from what is on disk.
//!
//! A panic is a defect. If it ended one task alone, a part of Tocsin would be deaf from then on and nobody would know; if it
//! ended the process, a NAS would not start it again: QTS and DSM do not look after services. So the program is executed
//! anew in the place of the one that failed: the same process for whoever looks after it, the same arguments, and nothing
//! lost, since what was accepted is on disk (as after `kill -9`). That also lets packages be built without the tables for
//! unwinding, a quarter of the program.

use crate::log;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

/// Tells the program that begins again when that was, in seconds since 1970, and how often in short order.
const MARK: &str = "TOCSIN_BEGUN_AGAIN";

/// After so long without a panic, the next one counts as the first.
const FORGOTTEN: Duration = Duration::from_mins(1);

/// The longest wait. Who is asked for something meanwhile is away no longer than somebody who restarts by hand.
const LONGEST: Duration = Duration::from_secs(30);

/// Whether somebody has told the program to stop.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// From here on a panic ends the program: who told it to stop would not find it running again.
pub fn no_more() {
    STOPPING.store(true, Ordering::Relaxed);
}

/// Lets every panic from here on begin the program again. Then waits, if that happened too often: what fails at every
/// start must not keep the machine busy.
pub fn on_panic() {
    replace_hook();
    let Some(former) = Mark::left() else {
        return;
    };
    let wait = former.wait();
    log::tell(format_args!(
        "begins again after a defect, in {} seconds",
        wait.as_secs()
    ));
    std::thread::sleep(wait);
}

fn replace_hook() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tell(panic);
        if STOPPING.load(Ordering::Relaxed) {
            std::process::abort();
        }
        let mark = Mark::after(Mark::left(), SystemTime::now());
        let mut arguments = std::env::args_os();
        let name = arguments.next().unwrap_or_default();
        // The very program that runs, also where an upgrade has put another in its place.
        let failed = Command::new("/proc/self/exe")
            .arg0(name)
            .args(arguments)
            .env(MARK, mark.to_string())
            .exec();
        log::tell(format_args!("cannot begin again: {failed}"));
        std::process::abort();
    }));
}

/// The panics so far that came in short order.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    at: u64,
    count: u32,
}

impl Mark {
    fn left() -> Option<Self> {
        Self::parse(&std::env::var(MARK).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (at, count) = text.split_once(' ')?;
        Some(Self {
            at: at.parse().ok()?,
            count: count.parse().ok()?,
        })
    }

    fn after(former: Option<Self>, now: SystemTime) -> Self {
        let since_epoch = now.duration_since(SystemTime::UNIX_EPOCH);
        let at = since_epoch.unwrap_or_default().as_secs();
        let former = former
            .filter(|former| at.saturating_sub(former.at) < FORGOTTEN.as_secs() + former.wait().as_secs());
        let count = former.map_or(1, |former| former.count.saturating_add(1));
        Self { at, count }
    }

    /// 0, 1, 3, 7, 15 seconds, and from then on the longest.
    fn wait(&self) -> Duration {
        let doubled = 1_u64
            .checked_shl(self.count.saturating_sub(1))
            .unwrap_or(u64::MAX);
        Duration::from_secs(doubled - 1).min(LONGEST)
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.at, self.count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::process::{Output, Stdio};

    const ROLE: &str = "TOCSIN_TEST_PANICS";

    fn stand_in(stderr: Stdio) -> Output {
        Command::new(std::env::current_exe().unwrap())
            .args([
                "begin_again::tests::a_panic_in_any_thread_begins_the_same_process_again",
                "--exact",
                "--nocapture",
            ])
            .env(ROLE, "1")
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap()
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn what_fails_again_and_again_waits_longer_each_time_and_not_for_ever() {
        let mut mark = Mark::after(None, at(1_000));
        let mut waits = vec![mark.wait().as_secs()];
        for _ in 0..70 {
            let then = mark.at + mark.wait().as_secs() + 1;
            mark = Mark::after(Some(mark), at(then));
            waits.push(mark.wait().as_secs());
        }
        assert_eq!(waits[..7], [0, 1, 3, 7, 15, 30, 30]);
        assert_eq!(waits.last(), Some(&30));
    }

    #[test]
    fn a_panic_long_after_the_last_counts_as_the_first() {
        let often = Mark { at: 1_000, count: 9 };
        assert_eq!(Mark::after(Some(often), at(1_100)).count, 1);
    }

    #[test]
    fn what_it_leaves_for_the_next_is_read_by_it() {
        let mark = Mark { at: 7, count: 3 };
        assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
        for text in ["", "7", "x 1", "1 x"] {
            assert_eq!(Mark::parse(text), None, "{text}");
        }
    }

    /// The test program stands in for Tocsin: a task of it panics once.
    #[test]
    fn a_panic_in_any_thread_begins_the_same_process_again() {
        if std::env::var_os(ROLE).is_some() {
            on_panic();
            println!("process {}", std::process::id());
            if Mark::left().is_none() {
                let _ = std::thread::spawn(|| panic!("a defect")).join();
                println!("still the first");
            }
            return;
        }
        let output = stand_in(Stdio::piped());
        let said = String::from_utf8(output.stdout).unwrap();
        let processes: Vec<_> = said.lines().filter(|line| line.starts_with("process ")).collect();
        assert!(output.status.success(), "{said}");
        assert_eq!(processes.len(), 2, "{said}");
        assert_eq!(processes[0], processes[1]);
        assert!(!said.contains("still the first"));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains("a defect") && told.contains("begins again"),
            "{told}"
        );
    }

    #[test]
    fn it_begins_again_where_nothing_can_be_said_any_more() {
        let full = std::fs::File::create("/dev/full").unwrap();
        let output = stand_in(full.into());
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}");
        assert_eq!(said.matches("process ").count(), 2, "{said}");
    }
}
