//! The asking end.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{Address, Answer, Request, VERSION};
use crate::deeds::{self, Authority, Deed, Input};
use crate::folder::{self, Folder, FolderError};
use crate::house::House;
use crate::reply::Reply;

/// How long to wait for a folder that another command has open, or whose server starts or stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does `deed` on the folder `data`: through its server when one runs, else directly.
pub fn reach(data: &Path, authority: Authority, deed: Deed, input: Input) -> Result<Reply> {
    let begun = Instant::now();
    loop {
        match Folder::open(data) {
            Ok(folder) => {
                let house = House::open(folder)?;
                let done = deeds::perform(&house, &authority, deed, input);
                return done.and_then(|reply| house.close().map(|()| reply));
            }
            Err(FolderError::Locked { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let there = Address::of(&folder::socket(data));
        match there.and_then(|address| UnixStream::connect(address.as_path())) {
            Ok(stream) => return ask(stream, authority, deed, input),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot reach the server of {}", data.display()));
            }
        }
        if begun.elapsed() > PATIENCE {
            bail!(
                "{} is open in another process that takes no commands (it may be starting, stopping, or another \
                 command); try again",
                data.display()
            );
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn ask(mut stream: UnixStream, authority: Authority, deed: Deed, input: Input) -> Result<Reply> {
    let mut line = serde_json::to_vec(&Request { version: VERSION.into(), authority, deed, input })?;
    line.push(b'\n');
    // A server that refuses before it has read everything closes early; its answer says why.
    let sent = stream.write_all(&line);
    let mut answer = String::new();
    BufReader::new(stream)
        .take(super::LONGEST_REQUEST)
        .read_line(&mut answer)
        .context("the server closed the connection; whether the command was done is in `dinh audit list`")?;
    if answer.is_empty() {
        sent.context("the server closed the connection before it read the command")?;
        bail!("the server stopped before it answered; whether the command was done is in `dinh audit list`");
    }
    match serde_json::from_str(&answer).context("the server answered in words this version does not know")? {
        Answer::Done(reply) => Ok(reply),
        Answer::Refused(reason) => bail!(reason),
    }
}
