//! The answering end, inside the server.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Address, Answer, LONGEST_REQUEST, Request, VERSION};
use crate::deeds;
use crate::folder;
use crate::house::House;
use crate::reply;

/// The socket of a running server; removed when dropped.
pub struct Door {
    listener: UnixListener,
    path: PathBuf,
}

/// Opens the socket of the folder `data`, which this process holds the lock of.
pub fn open(data: &Path) -> io::Result<Door> {
    let path = folder::socket(data);
    // We hold the lock, so whoever left a socket here is gone.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(Address::of(&path)?.as_path())?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(Door { listener, path })
}

impl Door {
    /// Answers until `stop` says true; commands under way are finished first.
    pub async fn answer(self, house: Arc<House>, mut stop: watch::Receiver<bool>) {
        let mut at_work = JoinSet::new();
        loop {
            tokio::select! {
                connection = self.listener.accept() => match connection {
                    Ok((stream, _)) => {
                        let house = Arc::clone(&house);
                        at_work.spawn(async move {
                            if let Err(error) = serve(stream, house).await {
                                tracing::warn!(%error, "a command connection broke");
                            }
                        });
                    }
                    Err(error) => tracing::warn!(%error, "cannot accept a command connection"),
                },
                _ = stop.wait_for(|stop| *stop) => break,
            }
            while at_work.try_join_next().is_some() {}
        }
        // From here on, commands wait for the folder itself.
        drop(self);
        while at_work.join_next().await.is_some() {}
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn serve(stream: UnixStream, house: Arc<House>) -> io::Result<()> {
    let asking = stream.peer_cred()?.uid();
    let (read, mut write) = stream.into_split();
    let answer = if asking == rustix::process::geteuid().as_raw() {
        let mut line = String::new();
        BufReader::new(read.take(LONGEST_REQUEST)).read_line(&mut line).await?;
        let done = tokio::task::spawn_blocking(move || perform(&house, asking, &line)).await;
        done.unwrap_or_else(|_| {
            Answer::Refused("the command failed inside the server; its log says why".into())
        })
    } else {
        Answer::Refused("only the owner of the data folder may do this".into())
    };
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    write.shutdown().await
}

fn perform(house: &House, asking: u32, line: &str) -> Answer {
    /// Read first, so that a request of another version is refused by its version, whatever else it holds.
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: String,
    }
    match serde_json::from_str::<Versioned>(line) {
        Ok(Versioned { version }) if version == VERSION => {}
        Ok(Versioned { version }) => {
            return Answer::Refused(format!(
                "the server runs dinh {VERSION}, this command is dinh {version}: use the same version, or restart the \
                 server"
            ));
        }
        Err(_) => return Answer::Refused("the command was not understood".into()),
    }
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => return Answer::Refused(format!("the command was not understood: {error}")),
    };
    match deeds::perform(house, &request.authority.of_user(asking), request.deed, request.input) {
        Ok(reply) => Answer::Done(reply),
        Err(error) => Answer::Refused(reply::refusal(&error)),
    }
}
