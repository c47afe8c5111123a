//! What the web floor is given, and what a deployment may set of it.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::AccountId;
use dinh_print::Press;
use dinh_runtime::Runtime;
use dinh_services::Platform;
use dinh_services::secrets::{DataKey, own_data_key};
use dinh_services::sheets::{StagingError, StagingLimits, Uploads};
use tokio::sync::Semaphore;

use crate::admin;
use crate::guard::Keeper;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::visitor::Taker;

/// What a deployment may set. Every bound here is enforced; none is optional.
#[derive(Clone, Debug)]
pub struct Options {
    /// TLS serves the pages, here or in front: cookies are `Secure` and bound to the host, and browsers are
    /// told to come back by TLS only.
    pub tls: bool,
    /// Proxies in front of the host. A connection from one of them tells where its request comes from
    /// (`X-Forwarded-For`, `X-Forwarded-Proto`); what others say there is ignored.
    pub proxies: Vec<IpAddr>,
    /// Most bytes of a form or a JSON body.
    pub form_bytes: usize,
    /// Most fields of a form: an entry grid of 2,000 rows and 8 columns has 18,000.
    pub form_fields: usize,
    /// Most bytes of a file that is imported. What is sent along with it has the bound of a form.
    pub upload_bytes: usize,
    /// Most bytes of all attached files that come with one form, unless one file may have more. They are written as they
    /// come and take no memory.
    pub files_bytes: usize,
    /// Bodies with files that are received at the same time; bounds the memory they take.
    pub uploads_at_once: usize,
    /// Those of them that one account may send, so that nobody keeps the others waiting.
    pub uploads_each: usize,
    /// Attached files that leave at the same time; each takes up to three pieces of memory, of 256 KiB.
    pub downloads_at_once: usize,
    /// Those of them that one account may take. A browser asks for six at most.
    pub downloads_each: usize,
    /// Pieces of attached files that are opened at the same time; those of other files wait in turn. Opening takes a
    /// processor.
    pub pieces_at_once: usize,
    /// Sheets to be imported that are read at the same time, each for a few seconds and some hundred megabytes at most.
    pub sheets_at_once: usize,
    /// Those of them that one account may have read.
    pub sheets_each: usize,
    /// How long a form may take to arrive.
    pub form_time: Duration,
    /// How long a body with a file may take to arrive.
    pub upload_time: Duration,
    /// How long the head of a request may take to arrive; also how long a connection may idle.
    pub head_time: Duration,
    /// Most bytes of the head of a request.
    pub head_bytes: usize,
    /// How long an answer may wait for its reader to take the next of it.
    pub write_time: Duration,
    /// Connections at the same time; for a further one that which has rested longest is closed.
    pub connections: usize,
    /// How long requests under way may take once the host was told to stop.
    pub drain_time: Duration,
    /// Most rows of an export.
    pub export_rows: usize,
    /// Exports, and reads of whole datasets, that leave at the same time.
    pub transfers_at_once: usize,
    /// Those of them that one account may have, or one address nobody of which is signed in.
    pub transfers_each: usize,
    /// Most rows of all tables of a printed page.
    pub print_rows: usize,
    /// Most pages of a print.
    pub print_pages: usize,
    /// Forms that are printed at the same time, each in a child of its own; bounds the memory and the processors they
    /// take.
    pub prints_at_once: usize,
    /// Those of them that one account may have printed.
    pub prints_each: usize,
    /// How long a print, and a sheet to be read, waits for its turn before whoever asked is told to come back.
    pub turn_wait: Duration,
    /// The program that prints ([`dinh_print::child`]), with what comes before the limits on its command line; without
    /// one nothing is printed.
    pub printer: Option<(PathBuf, Vec<OsString>)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tls: false,
            proxies: Vec::new(),
            form_bytes: 4 << 20,
            form_fields: 20_000,
            upload_bytes: 32 << 20,
            files_bytes: 100 << 20,
            uploads_at_once: 8,
            uploads_each: 2,
            downloads_at_once: 256,
            downloads_each: 16,
            sheets_at_once: 4,
            // A form sent twice is read twice, and done once.
            sheets_each: 2,
            // Half of the processors are left to pages.
            pieces_at_once: std::thread::available_parallelism().map_or(1, |all| all.get().div_ceil(2)),
            form_time: Duration::from_secs(30),
            upload_time: Duration::from_secs(300),
            head_time: Duration::from_secs(30),
            head_bytes: 32 << 10,
            write_time: Duration::from_secs(30),
            connections: 10_000,
            drain_time: Duration::from_secs(30),
            export_rows: 1_000_000,
            transfers_at_once: 64,
            transfers_each: 4,
            print_rows: 10_000,
            print_pages: 1_000,
            prints_at_once: 2,
            prints_each: 1,
            turn_wait: Duration::from_secs(10),
            printer: None,
        }
    }
}

/// The platform as the web floor serves it. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Accounts, sessions, catalogs, records.
    pub platform: Arc<Platform>,
    /// The plugins.
    pub runtime: Arc<Runtime>,
    /// What the deployment set.
    pub options: Arc<Options>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) keeper: Keeper,
    pub(crate) receiving: Arc<Places<AccountId>>,
    pub(crate) sheets: Arc<Places<AccountId>>,
    pub(crate) downloads: Arc<Places<AccountId>>,
    pub(crate) pieces: Arc<Semaphore>,
    pub(crate) transfers: Arc<Places<Taker>>,
    pub(crate) press: Option<Arc<Press>>,
    pub(crate) printing: Arc<Places<AccountId>>,
}

impl App {
    /// The web floor of a platform. Builds the platform's own pages into the runtime.
    pub fn new(platform: Arc<Platform>, runtime: Arc<Runtime>, options: Options) -> Self {
        if let Some(manifest) = admin::manifest() {
            // The runtime owns the pages.
            let pages = admin::Administration::new(Arc::clone(&platform), Arc::downgrade(&runtime));
            runtime.build_in(manifest, Box::new(pages));
        }
        let press = options
            .printer
            .clone()
            .map(|(program, arguments)| Arc::new(Press::new(program, arguments, dinh_print::LIMITS)));
        Self {
            platform,
            runtime,
            press,
            printing: Places::new(options.prints_at_once, options.prints_each),
            receiving: Places::new(options.uploads_at_once, options.uploads_each),
            sheets: Places::new(options.sheets_at_once, options.sheets_each),
            downloads: Places::new(options.downloads_at_once, options.downloads_each),
            pieces: Arc::new(Semaphore::new(options.pieces_at_once.max(1))),
            transfers: Places::new(options.transfers_at_once, options.transfers_each),
            keeper: Keeper::default(),
            metrics: Arc::new(Metrics::new()),
            options: Arc::new(options),
        }
    }

    /// Most bytes of any body: files and what is sent along with them.
    pub(crate) fn body_bytes(&self) -> usize {
        let one = usize::try_from(self.platform.options().files.file_bytes).unwrap_or(usize::MAX);
        let files = self.options.files_bytes.max(one).max(self.options.upload_bytes);
        files.saturating_add(self.options.form_bytes)
    }

    /// Counts, for monitoring, what came of handing the head of the evidence to its witness: `appended`,
    /// `nothing`, `failed` or `contradicted`.
    pub fn head_handed(&self, outcome: &'static str) {
        self.metrics.handed(outcome);
    }

    /// The key under which uploaded sheets lie sealed.
    pub(crate) fn upload_key(&self) -> Result<Arc<DataKey>, StagingError> {
        own_data_key(&self.platform).map_err(StagingError::Sealing)
    }

    /// The folder where uploaded sheets wait.
    pub(crate) fn uploads(&self) -> Result<Uploads, StagingError> {
        let mut limits = StagingLimits::default();
        limits.file_bytes = limits.file_bytes.min(self.options.upload_bytes as u64);
        Uploads::open(self.platform.data_dir(), limits)
    }
}
