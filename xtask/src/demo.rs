//! `cargo xtask demo`: from a fresh clone to a page in the browser.

use std::fs::{self, File, TryLockError};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::guests;
use crate::place::Place;
use crate::step::{self, Failure, step};

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    fresh: bool,
    listen: SocketAddr,
}

impl Options {
    /// From the words after `demo`.
    pub fn parse(words: &[&str]) -> Result<Self, Failure> {
        let mut options = Self { fresh: false, listen: SocketAddr::from(([127, 0, 0, 1], 8080)) };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--fresh" => options.fresh = true,
                "--listen" => {
                    let address = words.next().copied().unwrap_or_default();
                    options.listen = address.parse().map_err(|_| {
                        Failure::usage(format!(
                            "--listen {address:?} is not an address such as 127.0.0.1:8080"
                        ))
                    })?;
                }
                other => {
                    return Err(Failure::usage(format!(
                        "demo knows --fresh and --listen ADDRESS, not `{other}`"
                    )));
                }
            }
        }
        Ok(options)
    }

    /// The administration listener keeps to the port after the pages'.
    fn admin_listen(&self) -> SocketAddr {
        let port = match self.listen.port() {
            0 => 0,
            port => port.checked_add(1).unwrap_or(0),
        };
        SocketAddr::new(self.listen.ip(), port)
    }
}

/// Builds, fills the data folder when it is new, and becomes the server.
pub fn run(place: &Place, options: &Options) -> Result<(), Failure> {
    // Before minutes of building: what would stop us at the end.
    is_free(options.listen)?;
    drop(claim(place)?);
    guests::host(place)?;
    guests::build_all(place, "plugins")?;
    if options.fresh && place.demo.exists() {
        step("Throw the old demo away", || {
            // Held meanwhile, so that no server opens what is being removed.
            let _lock = claim(place)?;
            fs::remove_dir_all(&place.demo).map_err(|e| guests::unusable(&place.demo, &e))
        })?;
    }
    // `format` is the last file that `init` writes.
    if !place.demo.join("format").is_file() {
        step("Fill a data folder with the demo", || {
            let mut init = Command::new(place.dinh());
            init.arg("init").arg("--data").arg(&place.demo);
            step::run(init.arg("--demo").arg("--demo-files").arg(&place.plugins))
        })?;
    }
    let failed = Command::new(place.dinh())
        .arg("serve")
        .arg("--data")
        .arg(&place.demo)
        .args([
            "--listen",
            &options.listen.to_string(),
            "--admin-listen",
            &options.admin_listen().to_string(),
        ])
        .exec();
    Err(Failure::new(format!("{} does not start: {failed}", place.dinh().display())))
}

/// Refuses an address that is taken, or that others could reach.
fn is_free(address: SocketAddr) -> Result<(), Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "{address} can be reached from other machines; the demo's passwords are for this one: choose a loopback \
             address such as 127.0.0.1:8080"
        )));
    }
    TcpListener::bind(address).map(drop).map_err(|e| {
        Failure::new(format!("cannot serve on {address}: {e}; choose another with --listen 127.0.0.1:PORT"))
    })
}

/// The lock of the demo's data, when it is there; refused while another process has it open. Nothing is
/// stopped on anybody's behalf.
fn claim(place: &Place) -> Result<Option<File>, Failure> {
    let Ok(lock) = File::open(place.demo.join("lock")) else { return Ok(None) };
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Err(Failure::new(format!(
            "the demo in {} is open in another process; stop that one first",
            place.demo.display()
        ))),
        Err(TryLockError::Error(error)) => Err(guests::unusable(&place.demo, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_have_defaults_and_wrong_ones_are_named() {
        let plain = Options::parse(&[]).unwrap();
        assert_eq!((plain.fresh, plain.listen.to_string()), (false, "127.0.0.1:8080".to_owned()));
        let both = Options::parse(&["--listen", "[::1]:9000", "--fresh"]).unwrap();
        assert!(both.fresh);
        assert_eq!(both.admin_listen().to_string(), "[::1]:9001");
        for (words, named) in
            [(&["--listen"][..], "\"\""), (&["--listen", "8080"], "8080"), (&["--fesh"], "--fesh")]
        {
            let refused = Options::parse(words).unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
    }

    #[test]
    fn a_taken_or_public_address_is_refused_before_anything_is_built() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        assert!(is_free(address).unwrap_err().to_string().contains(&address.to_string()));
        assert!(
            is_free(SocketAddr::from(([0, 0, 0, 0], 8080))).unwrap_err().to_string().contains("loopback")
        );
    }
}
