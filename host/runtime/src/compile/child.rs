//! The child that compiles: limits first, then one component.

use std::io::{self, Read, Write};

use data_encoding::HEXLOWER;
use dinh_child::{Bound, ChildError, Limits};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{CompileError, frame};
use crate::{engine, package};

/// Most characters of what a child says is wrong with a component.
const WORDS: usize = 1_000;

/// Why there is no code, as a child tells its host.
#[derive(Serialize, Deserialize)]
pub(super) enum Told {
    /// The component is not valid.
    Invalid(String),
    /// The address space was used up.
    Memory,
    /// More bytes of code than may be.
    Code(u64),
    /// This program compiles for another engine than the host's.
    OtherEngine,
    /// The compiler broke off.
    BrokeOff,
}

impl Told {
    /// What it means to the host.
    pub(super) fn meaning(self, limits: &Limits) -> CompileError {
        let limit =
            |bound, used, allowed: usize| ChildError::Limit { bound, used, allowed: allowed as u64 }.into();
        match self {
            Self::Invalid(why) => CompileError::Invalid(why.chars().take(WORDS).collect()),
            Self::Memory => limit(Bound::Memory, limits.memory as u64, limits.memory),
            Self::Code(bytes) => limit(Bound::Answer, bytes, limits.bytes),
            Self::OtherEngine => CompileError::Failed("it is of another version than the server".to_owned()),
            Self::BrokeOff => CompileError::Failed("it broke off".to_owned()),
        }
    }
}

/// Does what the hidden command of the binary does: sets the limits that its host gives it, reads a component from stdin
/// and writes its native code to stdout, or why there is none. True when there is code.
pub fn child(arguments: &[String]) -> io::Result<bool> {
    let Some((limits, [wanted])) = Limits::parse(arguments) else {
        return Err(io::Error::other("not the limits of a compiler and its engine"));
    };
    dinh_child::confine(&limits)?;
    let wanted = wanted.clone();
    let compiled = dinh_child::work(move || {
        let mut component = Vec::new();
        // What is longer is no package, and the host has looked.
        io::stdin()
            .lock()
            .take(package::LARGEST as u64)
            .read_to_end(&mut component)
            .map_err(|_| Told::BrokeOff)?;
        compile(&wanted, &component, limits.bytes)
    })?
    .unwrap_or(Err(Told::BrokeOff));
    let mut out = io::stdout().lock();
    match &compiled {
        Ok(frame) => out.write_all(frame)?,
        Err(told) => out.write_all(&postcard::to_allocvec(told).map_err(io::Error::other)?)?,
    }
    out.flush()?;
    Ok(compiled.is_ok())
}

fn compile(wanted: &str, component: &[u8], most: usize) -> Result<Vec<u8>, Told> {
    let engine = engine::for_compiling().map_err(|_| Told::BrokeOff)?;
    let compatibility = engine::compatibility(&engine);
    if HEXLOWER.encode(&compatibility) != wanted {
        return Err(Told::OtherEngine);
    }
    let code = engine.precompile_component(component).map_err(|error| {
        let why = format!("{error:#}");
        // The address space is full where the compiler asked the system itself.
        let full = ["os error 12", "out of memory", "Out of memory"].iter().any(|said| why.contains(said));
        if full { Told::Memory } else { Told::Invalid(why.chars().take(WORDS).collect()) }
    })?;
    let bytes = code.len() + frame::HEAD;
    if bytes > most {
        return Err(Told::Code(bytes as u64));
    }
    Ok(frame::wrap(&compatibility, &Sha256::digest(component).into(), &code))
}
