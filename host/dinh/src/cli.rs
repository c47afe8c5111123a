//! What can be typed: `dinh help`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::deeds::{
    AccessDeed, AccountDeed, AuditDeed, Beginning, CatalogDeed, DelegationDeed, GrantDeed, HeadDeed,
    InboxDeed, JobDeed, KeyDeed, PluginDeed, PositionDeed, RoleDeed, ShareDeed, TimerDeed, UnitDeed,
};
use crate::{house, serve};

/// Đình: one platform for a province's offices; each department's system is a sandboxed plugin.
///
/// Commands on a data folder work whether or not its server runs. Exit code 0: done; 1: refused or failed,
/// with one line on stderr; 2: written wrong.
#[derive(Parser, Debug)]
#[command(name = "dinh", version, max_term_width = 100, disable_help_subcommand = false)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make a data folder
    Init(Init),
    /// Serve a data folder until SIGTERM or Ctrl-C
    Serve(Serve),
    /// Accounts: one person's login each
    Account(On<AccountDeed>),
    /// Units of the organisation tree
    Unit(On<UnitDeed>),
    /// Roles: what can be granted; roles of this deployment
    Role(On<RoleDeed>),
    /// Grants: role × units × label × term
    Grant(On<GrantDeed>),
    /// Who may what, why and why not, today and on other days
    Access(On<AccessDeed>),
    /// Positions: posts in units, whose grants reach whoever holds them
    Position(On<PositionDeed>),
    /// Head administrators: exactly one a unit
    Head(On<HeadDeed>),
    /// Long work of plugins: how far it is; cancel and retry
    Job(On<JobDeed>),
    /// Shared data: the register, contracts, waivers
    Share(On<ShareDeed>),
    /// Delegations: rights lent for a time, with the head's consent
    Delegation(On<DelegationDeed>),
    /// What waits for whoever acts to approve
    Inbox(Inbox),
    /// Shared code lists
    Catalog(On<CatalogDeed>),
    /// Plugins: build one, install one, list them
    Plugin(Plugin),
    /// Timers of plugins: what is set, and what fails
    Timer(On<TimerDeed>),
    /// The evidence of what was done and refused
    Audit(On<AuditCommand>),
    /// Keys of what lies sealed: list them, rotate them, destroy one with what it seals
    Key(On<KeyDeed>),
    /// How the store is: what it takes, what is free, what to do; check it, compact it
    Doctor(Doctor),
    /// Print one form from stdin to stdout, within limits: what a server starts for each
    #[command(name = serve::PRINT_FORM, hide = true)]
    PrintForm(Child),
    /// Compile one component from stdin to stdout, within limits: what a server starts for each
    #[command(name = house::COMPILE, hide = true)]
    CompileComponent(Child),
}

/// What a server says to a child.
#[derive(Args, Debug)]
pub struct Child {
    /// The limits, as `dinh_child::Program` writes them, and what else the child is told.
    pub arguments: Vec<String>,
}

/// A deed on a data folder.
#[derive(Args, Debug)]
pub struct On<D: Subcommand> {
    /// Where, as whom, in which form.
    #[command(flatten)]
    pub context: Context,
    /// What.
    #[command(subcommand)]
    pub deed: D,
}

/// `dinh inbox`.
#[derive(Args, Debug)]
pub struct Inbox {
    /// Where, as whom, in which form.
    #[command(flatten)]
    pub context: Context,
    /// What.
    #[command(flatten)]
    pub deed: InboxDeed,
}

/// Where a deed is done, as whom, and in which form it answers.
#[derive(Args, Debug)]
pub struct Context {
    /// The data folder
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// Act as this account, under its rights
    #[arg(long = "as", value_name = "LOGIN", global = true, conflicts_with = "as_operator")]
    pub acting_as: Option<String>,
    /// Use the rights that this account lent to the one that acts; both names stay on the evidence
    #[arg(long, value_name = "LOGIN", global = true, requires = "acting_as", conflicts_with = "as_operator")]
    pub on_behalf_of: Option<String>,
    /// Break the glass: act beside the rules, as the owner of the folder; the evidence says so
    #[arg(long, global = true)]
    pub as_operator: bool,
    /// Why: needed with --as-operator for whatever changes something. The evidence keeps it, so name no people in it
    #[arg(long, value_name = "TEXT", global = true, requires = "as_operator")]
    pub reason: Option<String>,
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// `dinh init`.
#[derive(Args, Debug)]
pub struct Init {
    /// The folder to make: new, empty, or begun and not finished
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Fill it with units, accounts, a plugin and published data
    #[arg(long, conflicts_with = "unit")]
    pub demo: bool,
    /// Begin with two people, who approve for each other from then on.
    #[command(flatten)]
    pub beginning: Option<Beginning>,
    /// Where the demo's plugins and tables are [default: `../plugins` beside this program]
    #[arg(long, value_name = "DIR", requires = "demo")]
    pub demo_files: Option<PathBuf>,
    /// The file that the server will be started with: these first passwords are as it asks for
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `dinh serve`.
#[derive(Args, Debug)]
pub struct Serve {
    /// The data folder
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Where people and programs connect; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// A proxy with TLS in front of us, on this machine: its word is taken on where requests come from,
    /// and cookies are bound to TLS
    #[arg(long, value_name = "IP")]
    pub proxy: Vec<IpAddr>,
    /// Where monitoring connects: /healthz, /readyz, /metrics [default: 127.0.0.1:8081]
    #[arg(long, value_name = "ADDRESS")]
    pub admin_listen: Option<SocketAddr>,
    /// A file that sets these and more, in TOML; what stands on the command line goes before it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `dinh doctor`. Sizes are no secret from the owner of the folder: it need not be said who acts.
#[derive(Args, Debug)]
pub struct Doctor {
    /// Where, as whom, in which form.
    #[command(flatten)]
    pub context: Context,
    /// Check that every page, every value and the evidence are as they were written; with the server stopped
    #[arg(long, conflicts_with_all = ["compact", "acting_as"])]
    pub check: bool,
    /// Give what is free in the file back to the disk; with the server stopped
    #[arg(long, conflicts_with = "acting_as")]
    pub compact: bool,
    /// Take the machine's clock for right though it stands before the last entry of the evidence, as after it had been
    /// ahead; what had ended in between may be in force again
    #[arg(long, conflicts_with_all = ["check", "compact", "acting_as"], requires_all = ["as_operator", "reason"])]
    pub accept_clock: bool,
}

/// `dinh plugin`.
#[derive(Args, Debug)]
pub struct Plugin {
    /// Where, as whom, in which form.
    #[command(flatten)]
    pub context: Context,
    /// What.
    #[command(subcommand)]
    pub command: PluginCommand,
}

/// What can be done with plugins.
#[derive(Subcommand, Debug)]
pub enum PluginCommand {
    /// Build a plugin from its sources into one `.wasm` file; needs no data folder
    Build(Build),
    /// What needs one.
    #[command(flatten)]
    Deed(PluginDeed),
}

/// `dinh plugin build`.
#[derive(Args, Debug)]
pub struct Build {
    /// The folder with `plugin.toml` and `Cargo.toml`
    #[arg(value_name = "DIR")]
    pub source: PathBuf,
    /// The file to write, or a folder [default: the plugin's id with `.wasm`, here]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What can be done with the evidence, in a data folder or outside.
#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// What needs a data folder.
    #[command(flatten)]
    Deed(AuditDeed),
    /// Write the log to a folder as C2SP tlog-tiles, with the entries that whoever acts may read
    Export {
        /// The folder to make: new or empty
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Check that nothing was changed: the log of a data folder, or, needing no data folder, an export or a proof
    Verify(Verify),
}

/// `dinh audit verify`.
#[derive(Args, Debug)]
pub struct Verify {
    /// Heads that somebody kept, one after another: also whoever has the key cannot rewrite what they are of
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
    /// An export, instead of a data folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["data", "acting_as", "as_operator"])]
    pub export: Option<PathBuf>,
    /// A proof of an entry, or, with `--heads`, that the log continues one of them
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["export", "data", "acting_as", "as_operator"])]
    pub proof: Option<PathBuf>,
    /// A file of entries with their proofs, as `--proofs` of `list` and `seen` or the page of the evidence writes it
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["export", "proof", "data", "acting_as", "as_operator"])]
    pub proofs: Option<PathBuf>,
    /// The log's key, as `dinh audit key` prints it [default: the one in the export]
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn who_begins_is_said_whole_or_not_at_all() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        let whole = "--unit tinh --unit-name T --first a --first-name A --second b --second-name B";
        let Ok(Cli { command: Command::Init(bare) }) = parse("dinh init --data D") else { panic!("bare") };
        assert!(bare.beginning.is_none());
        let Ok(Cli { command: Command::Init(two) }) = parse(&format!("dinh init --data D {whole}")) else {
            panic!("two people")
        };
        assert_eq!(two.beginning.unwrap().second, "b");
        assert!(parse(&format!("dinh account begin --data D --as-operator {whole}")).is_ok());
        for half in [
            "dinh init --data D --unit tinh --unit-name T",
            "dinh init --data D --first a",
            "dinh init --data D --passwords-stdin",
            "dinh account begin --data D --as-operator",
        ] {
            assert_eq!(parse(half).unwrap_err().exit_code(), 2, "{half}");
        }
        assert!(parse(&format!("dinh init --data D --demo {whole}")).is_err());
    }

    #[test]
    fn where_and_as_whom_may_stand_before_or_after_the_deed() {
        for line in ["dinh account --data D --as lan list", "dinh account list --as lan --data D"] {
            let Ok(Cli { command: Command::Account(on) }) = Cli::try_parse_from(line.split(' ')) else {
                panic!("{line}");
            };
            assert_eq!(on.context.acting_as.as_deref(), Some("lan"));
        }
        let both = Cli::try_parse_from("dinh account list --data D --as lan --as-operator".split(' '));
        assert_eq!(both.unwrap_err().exit_code(), 2);
    }
}
