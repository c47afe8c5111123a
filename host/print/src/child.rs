//! The child that prints: limits first, then one job.

use std::io::{self, BufRead, BufReader, Read, Write};

use dinh_model::MOST_FILE_BYTES;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::press::Limits;
use crate::{Job, LARGEST_DATA, PrintError, print};

/// Stack of the thread that lays out: nesting that the layout still allows fits in.
const STACK: usize = 64 << 20;

/// Does what the hidden command of the binary does: sets the limits that [`Limits::arguments`] has written, reads a job
/// and its data from stdin, writes the PDF to stdout, or one line of JSON that says why there is none. True when
/// there is a PDF.
///
/// From the first moment the process opens nothing: no file, no socket, whatever a template could make it try.
pub fn child(arguments: &[String]) -> io::Result<bool> {
    let limits = Limits::parse(arguments).ok_or_else(|| io::Error::other("not the limits of a press"))?;
    confine(&limits)?;
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let (job, data) = read(io::stdin().lock())?;
        let pdf = print(&job, data)?;
        let most = limits.bytes;
        if pdf.len() > most { Err(PrintError::limit("bytes", most as u64)) } else { Ok(pdf) }
    })?;
    let printed = worker
        .join()
        .unwrap_or_else(|_| Err(PrintError::failed("the layout broke off; simplify the template")));
    let mut out = io::stdout().lock();
    match &printed {
        Ok(pdf) => out.write_all(pdf)?,
        Err(error) => writeln!(out, "{}", serde_json::to_string(error).map_err(io::Error::other)?)?,
    }
    out.flush()?;
    Ok(printed.is_ok())
}

fn confine(limits: &Limits) -> io::Result<()> {
    let set = |resource, most: u64| {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).map_err(io::Error::from)
    };
    set(Resource::As, limits.memory as u64)?;
    set(Resource::Cpu, limits.cpu.as_secs().max(1))?;
    set(Resource::Core, 0)?;
    set(Resource::Fsize, 0)?;
    // 0, 1 and 2 are open; no further one can be.
    set(Resource::Nofile, 3)
}

/// A job, on the first line, and its data, on all others.
fn read(input: impl Read) -> Result<(Job, Vec<u8>), PrintError> {
    // Files as base64, and what else a job says.
    let longest = (MOST_FILE_BYTES as u64) * 3 / 2 + (1 << 20);
    let mut input = BufReader::new(input);
    let mut line = Vec::new();
    input.by_ref().take(longest).read_until(b'\n', &mut line).map_err(PrintError::failed)?;
    let job = serde_json::from_slice(&line).map_err(PrintError::input)?;
    let mut data = Vec::new();
    input.take(LARGEST_DATA as u64 + 1).read_to_end(&mut data).map_err(PrintError::failed)?;
    Ok((job, data))
}
