//! Attempts to sign in, as they come: what is kept of them in memory.
//!
//! | bound | what it is for |
//! | --- | --- |
//! | failures in a row for a name, then locked for a while (`failures`) | guessing one person's password |
//! | attempts for a name at the same time and failures in a row, together | guessing faster than failures are counted |
//! | failures from an address in a window | trying one password on all names |
//! | hashes at once, people waiting (`hasher`) | memory and processors |
//!
//! Names are counted alike whether or not an account has them, under a keyed hash: people type passwords
//! into the wrong field, so what was typed is never stored. Addresses are kept in memory only; they go to
//! the operator's log, not into the evidence.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use dinh_model::Timestamp;
use dinh_store::{Store, Transaction};
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::Mutex;
use sha2::Sha256;

use crate::accounts::session_cache::Sessions;
use crate::accounts::ticket::TicketKey;
use crate::call::{decode, encode};
use crate::{Options, ServiceError, platform, space};

/// Addresses remembered; when there are more, all are forgotten, and the bound on names still holds.
const ADDRESSES: usize = 65_536;

/// What sign-in keeps in memory.
pub struct SignInState {
    pub(crate) sessions: Sessions,
    /// Seals what is handed out between the two steps of a sign-in; of this process only.
    pub(in crate::accounts) tickets: TicketKey,
    secret: [u8; 32],
    /// Attempts going on now, for each name.
    going_on: Mutex<HashMap<NameHash, u32>>,
    addresses: Mutex<HashMap<IpAddr, Window>>,
}

pub(super) type NameHash = [u8; 16];

/// Failures from an address.
#[derive(Clone, Copy)]
struct Window {
    began: Timestamp,
    failures: u32,
}

impl SignInState {
    /// Reads the secret under which names are hashed, or makes it.
    pub(crate) fn open(store: &Store, options: &Options) -> Result<Self, ServiceError> {
        let key = space::attempt_secret();
        let mut transaction = Transaction::new(store.snapshot()?);
        let secret = match transaction.get(&key)? {
            Some(stored) => decode(&key, &stored.value)?,
            None => {
                let secret: [u8; 32] = platform::random()?;
                let bytes = encode(&key, &secret)?;
                transaction.put(key, bytes);
                // The first write of a new store, or one that needs no rights: no policy is older.
                store.commit(transaction.into_change(u64::MAX, false))?;
                secret
            }
        };
        Ok(Self {
            sessions: Sessions::new(options)?,
            tickets: TicketKey::draw()?,
            secret,
            going_on: Mutex::default(),
            addresses: Mutex::default(),
        })
    }

    pub(super) fn hash(&self, login: &str) -> NameHash {
        name_hash(&self.secret, login)
    }

    /// Takes one of the attempts that a name may have at the same time; none when there are too many.
    pub(in crate::accounts) fn begin_attempt(&self, login: &str, most: u32) -> Option<Attempt<'_>> {
        let name = self.hash(login);
        let mut going_on = self.going_on.lock();
        let count = going_on.entry(name).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Attempt { state: self, name, nth: *count })
    }

    /// Counts an attempt from an address as failed before it is made, so that attempts at the same time
    /// count too. The error says how long to wait.
    pub(in crate::accounts) fn begin_from(
        &self,
        address: IpAddr,
        now: Timestamp,
        options: &Options,
    ) -> Result<(), Duration> {
        let address = network(address);
        let mut addresses = self.addresses.lock();
        if addresses.len() >= ADDRESSES && !addresses.contains_key(&address) {
            addresses.retain(|_, window| since(window.began, now) < options.address_window);
            if addresses.len() >= ADDRESSES {
                addresses.clear();
            }
        }
        let window = addresses.entry(address).or_insert(Window { began: now, failures: 0 });
        let age = since(window.began, now);
        if age >= options.address_window {
            *window = Window { began: now, failures: 0 };
        } else if window.failures >= options.address_failures {
            return Err(options.address_window - age);
        }
        window.failures += 1;
        Ok(())
    }

    /// Takes the failure back: the attempt succeeded, or was not made.
    pub(in crate::accounts) fn forgive(&self, address: IpAddr) {
        if let Some(window) = self.addresses.lock().get_mut(&network(address)) {
            window.failures = window.failures.saturating_sub(1);
        }
    }
}

/// An attempt that is going on.
pub(in crate::accounts) struct Attempt<'a> {
    state: &'a SignInState,
    name: NameHash,
    /// How many of the name were going on when it began, itself included.
    pub(super) nth: u32,
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut going_on = self.state.going_on.lock();
        if let Some(count) = going_on.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                going_on.remove(&self.name);
            }
        }
    }
}

pub(super) fn name_hash(secret: &[u8; 32], login: &str) -> NameHash {
    let mut hash = [0; 16];
    // A key of any length is taken; 32 bytes never fail.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) {
        mac.update(login.as_bytes());
        for (byte, made) in hash.iter_mut().zip(mac.finalize().into_bytes()) {
            *byte = made;
        }
    }
    hash
}

/// The network that counts as one address: an IPv4 address, or an IPv6 /64, of which one host has all.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
        v4 => v4,
    }
}

/// How long ago; a clock that was set back counts as no time.
pub(in crate::accounts) fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

pub(in crate::accounts) fn microseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
