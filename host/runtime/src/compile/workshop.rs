//! Who compiles, and how many at a time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use data_encoding::HEXLOWER;
use dinh_child::{Answer, Limits, Program};
use parking_lot::{Condvar, Mutex};
use wasmtime::Engine;

use super::child::Told;
use super::{CompileError, LIMITS, MOST_AT_ONCE, frame};
use crate::engine;
use crate::package::Hash;

/// Who compiles components.
#[derive(Clone, Debug)]
pub enum Compiler {
    /// A child process for each, within limits.
    Child {
        /// The program that is started.
        program: Program,
        /// What compiling one component may take.
        limits: Limits,
    },
    /// This process itself, without any limit. Only for whoever has built all components that it compiles: tests and
    /// benches. A server never does.
    Here,
}

impl Compiler {
    /// Children of the program at `program`, which does what [`child`](super::child()) does when it gets `arguments` and
    /// what follows them.
    pub fn child(program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self::Child { program: Program::new(program, arguments), limits: LIMITS }
    }

    /// Native code of a component whose hash is `package`, for `engine`. Call it from a thread that may wait.
    pub fn compile(
        &self,
        engine: &Engine,
        package: &Hash,
        component: Vec<u8>,
    ) -> Result<Vec<u8>, CompileError> {
        let (program, limits) = match self {
            Self::Child { program, limits } => (program, limits),
            Self::Here => {
                let code = engine.precompile_component(&component);
                return code.map_err(|error| CompileError::Invalid(format!("{error:#}")));
            }
        };
        let compatibility = engine::compatibility(engine);
        let nonsense = || CompileError::Failed("it says nothing that can be read".to_owned());
        match program.run(limits, &[HEXLOWER.encode(&compatibility)], vec![component])? {
            Answer::Done(code) => frame::unwrap(&compatibility, package, code).ok_or_else(nonsense),
            Answer::Refused(told) => {
                let told = postcard::from_bytes::<Told>(&told).map_err(|_| nonsense())?;
                Err(told.meaning(limits))
            }
        }
    }
}

/// How many compilations ended how since the start: `done`, `invalid`, `busy`, `failed`, or the limit that was reached.
pub type Outcomes = BTreeMap<&'static str, u64>;

/// The compiler with its places.
pub(crate) struct Workshop {
    compiler: Compiler,
    engine: Engine,
    /// Places that are free.
    free: Mutex<usize>,
    left: Condvar,
    outcomes: Mutex<Outcomes>,
}

impl Workshop {
    pub(crate) fn new(compiler: Compiler, engine: &Engine) -> Self {
        let (free, engine) = (Mutex::new(places()), engine.clone());
        Self { compiler, engine, free, left: Condvar::new(), outcomes: Mutex::default() }
    }

    /// Compiles a component, once there is a place for it.
    pub(crate) fn compile(&self, package: &Hash, component: Vec<u8>) -> Result<Vec<u8>, CompileError> {
        let bytes = component.len();
        let compiled = self.place().and_then(|_place| {
            let start = Instant::now();
            let code = self.compiler.compile(&self.engine, package, component)?;
            let package = HEXLOWER.encode(package);
            let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(package, bytes, code = code.len(), milliseconds, "a component was compiled");
            Ok(code)
        });
        let outcome = compiled.as_ref().err().map_or("done", CompileError::outcome);
        let mut outcomes = self.outcomes.lock();
        let count = outcomes.entry(outcome).or_default();
        *count = count.saturating_add(1);
        compiled
    }

    /// How compilations ended so far.
    pub(crate) fn outcomes(&self) -> Outcomes {
        self.outcomes.lock().clone()
    }

    /// A place, waited for as long as one compilation may take.
    fn place(&self) -> Result<Place<'_>, CompileError> {
        let longest = match &self.compiler {
            Compiler::Child { limits, .. } => limits.wall,
            Compiler::Here => LIMITS.wall,
        };
        let until = Instant::now() + longest;
        let mut free = self.free.lock();
        while *free == 0 {
            if self.left.wait_until(&mut free, until).timed_out() && *free == 0 {
                return Err(CompileError::Busy);
            }
        }
        *free -= 1;
        Ok(Place(self))
    }
}

/// How many are compiled at a time.
pub(crate) fn places() -> usize {
    thread::available_parallelism().map_or(2, usize::from).clamp(2, MOST_AT_ONCE)
}

/// A place in the workshop, given back when it is dropped.
struct Place<'a>(&'a Workshop);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sha2::{Digest, Sha256};

    use super::*;

    /// A compiler that is a script of the shell.
    fn script(script: &str, wall: Duration) -> Compiler {
        let program = Program::new("/bin/sh".into(), vec!["-c".into(), script.into(), "sh".into()]);
        Compiler::Child { program, limits: Limits { wall, ..LIMITS } }
    }

    fn compile(compiler: &Compiler) -> Result<Vec<u8>, CompileError> {
        let component = wasm_encoder::Component::new().finish();
        compiler.compile(&engine::start(1).unwrap(), &Sha256::digest(&component).into(), component)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_child_that_is_killed_or_says_nonsense_compiles_nothing() {
        for dying in ["kill -9 $$", "echo half; kill -9 $$", "kill -SEGV $$", "exit 0", "exit 1", "exit 7"] {
            let failed = compile(&script(dying, LONG)).unwrap_err();
            assert!(matches!(failed, CompileError::Failed(_)), "{dying}: {failed}");
        }
        let nonsense = "cat; head -c 100000 /dev/urandom";
        for nonsense in [nonsense, "printf 'dinh-native-1\\n'; head -c 9999 /dev/zero", "echo no; exit 1"] {
            let failed = compile(&script(nonsense, LONG)).unwrap_err();
            assert!(failed.to_string().contains("nothing that can be read"), "{nonsense}: {failed}");
        }
    }

    #[test]
    fn whoever_finds_no_place_in_the_time_of_one_compilation_is_told_to_come_back() {
        let engine = engine::start(1).unwrap();
        let workshop = Workshop::new(script("exec sleep 600", Duration::from_millis(100)), &engine);
        let taken: Vec<_> = (0..places()).map(|_| workshop.place().unwrap()).collect();
        assert_eq!(workshop.compile(&[0; 32], Vec::new()), Err(CompileError::Busy));
        drop(taken);
        let late = workshop.compile(&[0; 32], Vec::new()).unwrap_err();
        assert_eq!(late.outcome(), "compile-wall-milliseconds");
        assert_eq!(workshop.outcomes(), [("busy", 1), ("compile-wall-milliseconds", 1)].into());
        assert_eq!(*workshop.free.lock(), places(), "the place is free again");
    }
}
