//! The command `dinh`: what is typed, which data folder, which floor does it.
//!
//! ```text
//! cli     what can be typed
//! config  what a deployment sets in a file
//! folder  the data folder: whole, of our format, open in one process at a time
//! day     days and moments as people type and read them
//! key     what signs the evidence
//! house   an open folder with its platform and runtime
//! deeds   what can be done to it; one file per thing
//! evidence  what of the evidence is outside: exports, proofs, files of heads
//! witness   hands heads to a file that somebody else keeps
//! admin   how a deed reaches it: directly, or through the server that has it open
//! import  what an import of accounts answers: a report, and passwords in a file
//! init, demo, serve    the rest
//! ```
//! It promises: exit code 0 when done, 1 when refused or failed with one clear line on stderr, 2 when
//! written wrong; `--json` on stdout is JSON and nothing else.

mod admin;
mod cli;
mod config;
mod day;
mod deeds;
mod demo;
mod evidence;
mod folder;
mod house;
mod import;
mod init;
mod key;
mod log;
mod reply;
mod serve;
mod witness;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, error::ErrorKind};

use cli::{AuditCommand, Build, Cli, Command, Context, Doctor, On, PluginCommand, Verify};
use deeds::{AccountDeed, AuditDeed, Authority, Deed, Input};
use evidence::{Heads, Verdict};

fn main() -> ExitCode {
    // Whatever we make is its owner's alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "dinh: {}", reply::refusal(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Init(options) => init::init(&options),
        Command::Serve(options) => serve::serve(options),
        Command::Account(on) => account(on),
        Command::Unit(on) => act(on.context, Deed::Unit(on.deed)),
        Command::Role(on) => act(on.context, Deed::Role(on.deed)),
        Command::Key(on) => act(on.context, Deed::Key(on.deed)),
        Command::Access(on) => act(on.context, Deed::Access(on.deed)),
        Command::Grant(on) => act(on.context, Deed::Grant(on.deed)),
        Command::Position(on) => act(on.context, Deed::Position(on.deed)),
        Command::Head(on) => act(on.context, Deed::Head(on.deed)),
        Command::Job(on) => act(on.context, Deed::Job(on.deed)),
        Command::Share(on) => act(on.context, Deed::Share(on.deed)),
        Command::Timer(on) => act(on.context, Deed::Timer(on.deed)),
        Command::Delegation(on) => act(on.context, Deed::Delegation(on.deed)),
        Command::Inbox(inbox) => act(inbox.context, Deed::Inbox(inbox.deed)),
        Command::Catalog(on) => act(on.context, Deed::Catalog(on.deed)),
        Command::Audit(on) => audit(on),
        Command::Doctor(options) => doctor(options),
        Command::PrintForm(child) => said(dinh_print::child(&child.arguments)?),
        Command::CompileComponent(child) => said(dinh_runtime::compile::child(&child.arguments)?),
        Command::Plugin(plugin) => match plugin.command {
            PluginCommand::Build(options) => build(&options, plugin.context.json),
            PluginCommand::Deed(deed) => act(plugin.context, Deed::Plugin(deed)),
        },
    }
}

/// Does a deed on a data folder and prints the answer.
fn act(context: Context, deed: Deed) -> Result<()> {
    let json = context.json;
    let (data, authority) = whose(context)?;
    let input = deed.wanted().gather()?;
    let data_for_a_file = deed.gives_data() && !json;
    let reply = admin::reach(&data, authority, deed, input)?;
    if data_for_a_file { put(&reply.text) } else { print(&reply, json) }
}

/// Does a deed to accounts; an import keeps the passwords in a file and fails when a row is wrong.
fn account(on: On<AccountDeed>) -> Result<()> {
    let AccountDeed::Import(deed) = on.deed else { return act(on.context, Deed::Account(on.deed)) };
    let json = on.context.json;
    let (data, authority) = whose(on.context)?;
    let input = deed.wanted().gather()?;
    let passwords = deed.passwords.clone();
    let reply = import::keeping_passwords(passwords.as_deref(), || {
        admin::reach(&data, authority, Deed::Account(AccountDeed::Import(deed)), input)
    })?;
    print(&reply, json)?;
    import::judge(&reply)
}

/// Which data folder, and who acts.
fn whose(context: Context) -> Result<(PathBuf, Authority)> {
    let Some(data) = context.data else { wrong("say which data folder: --data DIR") };
    let authority = match (context.acting_as, context.as_operator) {
        (Some(login), _) => Authority::account(login).on_behalf_of(context.on_behalf_of),
        (None, true) => Authority::operator().because(context.reason.unwrap_or_default()),
        (None, false) => wrong("say who acts: --as LOGIN, or --as-operator to act beside the rules"),
    };
    log::start("warn")?;
    Ok((data, authority))
}

/// Lists, proves, exports or verifies the evidence.
fn audit(on: On<AuditCommand>) -> Result<()> {
    let json = on.context.json;
    match on.deed {
        AuditCommand::Deed(deed) => match deed.proofs().map(Path::to_owned) {
            None => act(on.context, Deed::Audit(deed)),
            Some(file) => {
                let (data, authority) = whose(on.context)?;
                let ask = || admin::reach(&data, authority, Deed::Audit(deed), Input::default());
                print(&evidence::keep_proofs(&file, ask)?, json)
            }
        },
        AuditCommand::Export { dir } => {
            let (data, authority) = whose(on.context)?;
            let ask = |deed| admin::reach(&data, authority.clone(), Deed::Audit(deed), Input::default());
            print(&evidence::export(&dir, ask)?, json)
        }
        AuditCommand::Verify(Verify { heads, proofs: Some(file), key: Some(key), .. }) => {
            let reply = evidence::verify_proofs(&file, &key, &Heads::read(heads)?)?;
            print(&reply, json)?;
            Verdict::judge(&reply)
        }
        AuditCommand::Verify(Verify { heads, export, proof, key, .. }) => {
            let reply = match (export, proof, key) {
                (Some(dir), _, key) => evidence::verify_export(&dir, key.as_deref(), &Heads::read(heads)?)?,
                (None, Some(proof), Some(key)) => evidence::verify_proof(&proof, &key, &Heads::read(heads)?)?,
                (None, _, Some(_)) => wrong("--key is for --export and --proof; a data folder has its own"),
                (None, _, None) => {
                    let (data, authority) = whose(on.context)?;
                    let deed = Deed::Audit(AuditDeed::Verify { heads });
                    let input = deed.wanted().gather()?;
                    admin::reach(&data, authority, deed, input)?
                }
            };
            print(&reply, json)?;
            Verdict::judge(&reply)
        }
    }
}

/// Looks at the store, or after it.
fn doctor(options: Doctor) -> Result<()> {
    let Context { data, acting_as, json, reason, .. } = options.context;
    let Some(data) = data else { wrong("say which data folder: --data DIR") };
    log::start("warn")?;
    let reply = match (options.check, options.compact) {
        (true, _) => deeds::check(&data)?,
        (_, true) => deeds::compact(&data)?,
        _ if options.accept_clock => {
            let authority = Authority::operator().because(reason.unwrap_or_default());
            admin::reach(&data, authority, Deed::AcceptClock, Input::default())?
        }
        _ => {
            let authority = acting_as.map_or_else(Authority::operator, Authority::account);
            admin::reach(&data, authority, Deed::Doctor, Input::default())?
        }
    };
    print(&reply, json)
}

/// Ends the child of a server, which has answered; what is wrong stands on stdout, too.
fn said(done: bool) -> Result<()> {
    if done {
        return Ok(());
    }
    std::process::exit(1)
}

/// Lays out the printed forms of a plugin that have an example, and reads the others.
fn check_forms(source: &Path) -> Result<()> {
    let mut files = dinh_model::FormFiles::default();
    for (path, bytes) in dinh_plugin_build::forms(source)? {
        files.add(&path, bytes)?;
    }
    Ok(dinh_print::check(&files)?)
}

/// Builds a plugin.
fn build(options: &Build, json: bool) -> Result<()> {
    // First, because it takes a moment and compiling takes minutes.
    check_forms(&options.source)?;
    let out = options.out.clone().unwrap_or_else(|| "./".into());
    let component = dinh_plugin_build::build(&options.source, &out, &mut |line| {
        let _ = writeln!(std::io::stderr(), "  {line}");
    })
    .map_err(|error| match error {
        // Its words went by as they came; once is enough.
        dinh_plugin_build::BuildError::Compile(_) => {
            anyhow::anyhow!("the plugin does not compile; what the compiler says stands above")
        }
        other => other.into(),
    })?;
    let shown = component.display().to_string();
    print(&reply::Reply::done(serde_json::json!({ "component": shown }), shown), json)
}

/// Prints an answer on stdout.
fn print(reply: &reply::Reply, json: bool) -> Result<()> {
    put(&if json { reply.json() } else { reply.shown() })
}

fn put(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        // Whoever reads, `head` for one, has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

/// Ends with exit code 2, as for any other command line that is written wrong.
fn wrong(sentence: &str) -> ! {
    Cli::command().error(ErrorKind::MissingRequiredArgument, sentence).exit()
}
