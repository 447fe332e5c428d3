//! Signals that end the process.

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;

use nix::errno::Errno;
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill, pthread_sigmask};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// The signals by which a user or the system ends a command.
const ENDING: [Signal; 4] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
];

/// While it lives, signals that would end the process wait. A command holds them while it has temporary files with names.
pub struct Held {
    before: SigSet,
}

impl Held {
    pub fn new() -> Held {
        let ending = ENDING.into_iter().collect::<SigSet>();
        // It can't fail.
        let before = ending.thread_swap_mask(SigmaskHow::SIG_BLOCK);
        Held {
            before: before.unwrap_or_else(|_| SigSet::empty()),
        }
    }

    /// Starts a program, which begins without the held signals and may be removed once this function returns. Its
    /// first argument is `path`.
    ///
    /// # Errors
    ///
    /// An argument with a zero byte, and errors of the system.
    pub fn spawn(&self, path: &Path, arguments: &[PathBuf]) -> io::Result<Pid> {
        let path = CString::new(path.as_os_str().as_bytes())?;
        let arguments = arguments.iter().map(|text| text.as_os_str().as_bytes());
        let all = std::iter::once(path.as_bytes()).chain(arguments);
        let all = all.map(CString::new).collect::<Result<Vec<_>, _>>()?;
        let environment = std::env::vars_os()
            .map(|(name, value)| CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()));
        let environment = environment.collect::<Result<Vec<_>, _>>()?;
        let mut attributes = PosixSpawnAttr::init()?;
        attributes.set_flags(
            PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK | PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF,
        )?;
        attributes.set_sigmask(&self.before)?;
        // Rust's runtime ignores it.
        attributes.set_sigdefault(&SigSet::from(Signal::SIGPIPE))?;
        let actions = PosixSpawnFileActions::init()?;
        Ok(posix_spawn(
            &*path,
            &actions,
            &attributes,
            &all,
            &environment,
        )?)
    }

    /// Waits until a child ends. It gets the signals that this process gets meanwhile.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn wait_for(&self, child: Pid) -> io::Result<WaitStatus> {
        let held = ENDING.into_iter().collect::<SigSet>();
        // Without the thread, signals wait until the child has ended.
        let _ = thread::Builder::new().spawn(move || {
            while let Ok(signal) = held.wait() {
                let _ = kill(child, signal);
            }
        });
        loop {
            match waitpid(child, None) {
                Err(Errno::EINTR) => {}
                status => return Ok(status?),
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&self.before), None);
    }
}

/// Returns how Go names a signal.
pub fn name(signal: Signal) -> String {
    let name = match signal {
        Signal::SIGHUP => "hangup",
        Signal::SIGINT => "interrupt",
        Signal::SIGQUIT => "quit",
        Signal::SIGILL => "illegal instruction",
        Signal::SIGTRAP => "trace/breakpoint trap",
        Signal::SIGABRT => "aborted",
        Signal::SIGBUS => "bus error",
        Signal::SIGFPE => "floating point exception",
        Signal::SIGKILL => "killed",
        Signal::SIGUSR1 => "user defined signal 1",
        Signal::SIGSEGV => "segmentation fault",
        Signal::SIGUSR2 => "user defined signal 2",
        Signal::SIGPIPE => "broken pipe",
        Signal::SIGALRM => "alarm clock",
        Signal::SIGTERM => "terminated",
        other => return format!("signal {}", other as i32),
    };
    name.to_owned()
}
