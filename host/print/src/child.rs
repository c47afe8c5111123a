//! The child that prints: limits first, then one job.

use std::io::{self, BufRead, BufReader, Read, Write};

use dinh_child::Limits;
use dinh_model::MOST_FILE_BYTES;

use crate::{Job, LARGEST_DATA, PrintError, print};

/// Does what the hidden command of the binary does: sets the limits that its host gives it, reads a job and its data from
/// stdin, writes the PDF to stdout, or one line of JSON that says why there is none. True when there is a PDF.
///
/// From the first moment the process opens nothing: no file, no socket, whatever a template could make it try.
pub fn child(arguments: &[String]) -> io::Result<bool> {
    let Some((limits, [])) = Limits::parse(arguments) else {
        return Err(io::Error::other("not the limits of a press"));
    };
    dinh_child::confine(&limits)?;
    let printed = dinh_child::work(move || {
        let (job, data) = read(io::stdin().lock())?;
        let pdf = print(&job, data)?;
        let most = limits.bytes;
        if pdf.len() > most { Err(PrintError::limit("bytes", most as u64)) } else { Ok(pdf) }
    })?
    .unwrap_or_else(|| Err(PrintError::failed("the layout broke off; simplify the template")));
    let mut out = io::stdout().lock();
    match &printed {
        Ok(pdf) => out.write_all(pdf)?,
        Err(error) => writeln!(out, "{}", serde_json::to_string(error).map_err(io::Error::other)?)?,
    }
    out.flush()?;
    Ok(printed.is_ok())
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
