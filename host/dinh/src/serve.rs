//! `dinh serve`: pages on one listener, health and metrics on another, commands on a socket, until told to
//! stop; then what is under way is finished and the store closed.

mod open_files;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dinh_model::{Actor, Language};
use dinh_services::secrets::{self, SealError};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::Serve;
use crate::config::Config;
use crate::folder::Folder;
use crate::house::House;
use crate::witness::{Handed, Witness};
use crate::{admin, demo};

/// The hidden command that prints.
pub const PRINT_FORM: &str = "print-form";

/// How long calls under way may take to finish after a stop; longer than any call may run.
const DRAIN: Duration = Duration::from_secs(60);

/// How long the witness file may take for the head at the stop.
const LAST_HEAD: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT.
pub fn serve(options: Serve) -> Result<()> {
    let config = Config::read(options.config.as_deref())?;
    let doors = Doors::new(&options, &config)?;
    let witness =
        config.witness().map(|(file, every)| Witness::new(file, every, &options.data)).transpose()?;
    crate::log::start("info")?;
    let connections = open_files::connections(open_files::raise(), dinh_web::Options::default().connections)?;
    let house = Arc::new(House::serve(Folder::open(&options.data)?, &config)?);
    warn_of_unknown_roles(&house, &config)?;
    tell_of_keys(&house)?;
    if let Some(behind) = house.platform().clock_behind() {
        let minutes = behind.as_secs() / 60;
        tracing::error!(
            minutes,
            "the machine's clock stands before the last entry of the evidence: nothing is written until it is right; `dinh doctor` says more"
        );
    }
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    let served = threads.block_on(run(&house, &options.data, &doors, connections, witness.map(Arc::new)));
    threads.shutdown_timeout(DRAIN);
    served.and(house.close())
}

/// Says in the log what keeps the keys of what is sealed, and which of them cannot be used: the rest is served.
fn tell_of_keys(house: &House) -> Result<()> {
    let kept = house.platform().keys_are();
    tracing::warn!(vi = kept.vi, en = kept.en, "what keeps the keys of sealed data");
    for key in secrets::key_states(house.platform())? {
        match key.problem {
            Some(problem @ SealError::Key { .. }) => tracing::error!(%problem, "sealed data is unavailable"),
            Some(problem) => tracing::info!(%problem, "sealed data is gone"),
            None => {}
        }
    }
    Ok(())
}

/// Says in the log which roles of the configuration nobody can hold yet.
fn warn_of_unknown_roles(house: &House, config: &Config) -> Result<()> {
    let nobody = house.platform().origin(Actor::Public, Language::En);
    for role in config.unknown_roles(&house.platform().begin_reading(&nobody)?)? {
        tracing::warn!(
            %role,
            "second-factor-roles names a role that nobody defined: check its spelling, or install its plugin"
        );
    }
    Ok(())
}

/// Where it serves.
struct Doors {
    pages: SocketAddr,
    monitoring: SocketAddr,
    proxies: Vec<IpAddr>,
}

impl Doors {
    /// As the command line says, or the file, or as usual.
    fn new(options: &Serve, config: &Config) -> Result<Self> {
        let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let pages = options.listen.or(config.listen).unwrap_or_else(|| at(8080));
        let monitoring = options.admin_listen.or(config.admin_listen).unwrap_or_else(|| at(8081));
        for address in [pages, monitoring] {
            loopback_only(address)?;
        }
        let proxies = if options.proxy.is_empty() { &config.proxies } else { &options.proxy };
        Ok(Self { pages, monitoring, proxies: proxies.clone() })
    }
}

async fn run(
    house: &Arc<House>,
    data: &Path,
    doors: &Doors,
    connections: usize,
    witness: Option<Arc<Witness>>,
) -> Result<()> {
    // First of all: from here on a signal stops us in order, also while plugins are being compiled.
    let (stop, stopping) = watch::channel(false);
    let signals = stop_on_signals(stop)?;
    let _survives = survive_size_limit()?;
    // Before the plugins are compiled, so that a taken port is told at once; who connects meanwhile waits.
    let pages = listen(doors.pages, "--listen").await?;
    let monitoring = listen(doors.monitoring, "--admin-listen").await?;
    let door = admin::open(data)
        .with_context(|| format!("cannot open {}", crate::folder::socket(data).display()))?;
    let starting = Arc::clone(house);
    let runtime = tokio::task::spawn_blocking(move || starting.runtime()).await??;

    let web = dinh_web::Options {
        tls: !doors.proxies.is_empty(),
        proxies: doors.proxies.clone(),
        connections,
        // This very program, also when the file it was started from has been replaced since.
        printer: Some(("/proc/self/exe".into(), vec![PRINT_FORM.into()])),
        ..dinh_web::Options::default()
    };
    let monitored = dinh_web::Options { connections: open_files::MONITORING, ..web.clone() };
    let telling = runtime.tell()?;
    let app = dinh_web::App::new(Arc::clone(house.platform()), runtime, web.clone());
    announce(&pages, &monitoring, data)?;
    let upkeep = tokio::spawn(dinh_web::upkeep(app.clone()));
    let keeping = witness.as_ref().map(|witness| {
        let monitored = app.clone();
        let told = move |handed: Handed| monitored.head_handed(handed.as_str());
        tokio::spawn(Arc::clone(witness).keep(Arc::clone(house.platform()), told))
    });
    let stopped = || {
        let mut stopping = stopping.clone();
        async move {
            let _ = stopping.wait_for(|stop| *stop).await;
        }
    };
    let done = tokio::try_join!(
        async {
            let router = dinh_web::router(app.clone());
            dinh_web::serve_with(pages, router, &web, stopped()).await.context("serving pages")
        },
        async {
            let router = dinh_web::monitoring_router(app.clone());
            dinh_web::serve_with(monitoring, router, &monitored, stopped())
                .await
                .context("serving monitoring")
        },
        async {
            door.answer(Arc::clone(house), stopping.clone()).await;
            Ok(())
        },
    );
    upkeep.abort();
    drop(telling);
    if let (Some(witness), Some(keeping)) = (witness, keeping) {
        keeping.abort();
        // Once more, when nothing is added any more; a disk that hangs does not keep us.
        let last = tokio::time::timeout(LAST_HEAD, witness.hand(house.platform())).await;
        if last.is_err() {
            tracing::error!("the witness file did not take the last head in time");
        }
    }
    signals.abort();
    done?;
    tracing::info!("stopped");
    Ok(())
}

/// Says on stdout where it serves, for people and for programs that chose port 0.
fn announce(pages: &TcpListener, monitoring: &TcpListener, data: &Path) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{}", pages.local_addr()?)?;
    writeln!(out, "admin on http://{}", monitoring.local_addr()?)?;
    if let Some(table) = demo::accounts_table(data)? {
        writeln!(out, "\nThis is a demo; sign in as one of these:\n\n{table}\n")?;
    }
    Ok(out.flush()?)
}

async fn listen(address: SocketAddr, option: &str) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another address with {option}"))
}

/// Passwords and sessions must not cross a network in the clear.
fn loopback_only(address: SocketAddr) -> Result<()> {
    if !address.ip().is_loopback() {
        bail!(
            "{address} can be reached from other machines, and this version does not speak TLS: listen on a loopback \
             address such as 127.0.0.1:8080, behind a proxy that does"
        );
    }
    Ok(())
}

/// A file beyond the system's limit on its size is an error to be answered, not the end of the server: whoever
/// listens for the signal is not killed by it.
fn survive_size_limit() -> Result<tokio::signal::unix::Signal> {
    const SIGXFSZ: i32 = 25;
    signal(SignalKind::from_raw(SIGXFSZ)).context("cannot listen for SIGXFSZ")
}

/// The first signal stops us in order; the second one at once.
fn stop_on_signals(stop: watch::Sender<bool>) -> Result<tokio::task::JoinHandle<()>> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    Ok(tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.send_replace(true) {
                tracing::warn!("told twice to stop: stopping at once; what was acknowledged is kept");
                std::process::exit(1);
            }
            tracing::info!("stopping: finishing what is under way");
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_others_can_reach_is_refused_while_there_is_no_tls() {
        for reachable in ["0.0.0.0:8080", "192.168.1.2:80", "[::]:8080"] {
            let refused = loopback_only(reachable.parse().unwrap()).unwrap_err().to_string();
            assert!(refused.contains(reachable) && refused.contains("TLS"), "{refused}");
        }
        for ours in ["127.0.0.1:0", "[::1]:8080", "127.8.0.1:80"] {
            loopback_only(ours.parse().unwrap()).unwrap();
        }
    }
}
