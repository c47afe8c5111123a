//! The plugins of one data folder: started, installed, called.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use arc_swap::ArcSwap;
use dinh_model::{Actor, Language, PluginId, UnitId};
use dinh_services::records::Volume;
use dinh_services::sharing::feed::Subscription;
use dinh_services::{Platform, ServiceError};
use parking_lot::Mutex;
use tokio::sync::oneshot;
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::bindings::{pages, views};
use crate::cache::Cache;
use crate::compile::{self, Compiler, Outcomes, Workshop};
use crate::endings::{Ended, Ending, Endings};
use crate::engine::InUse;
use crate::events::{Progress, Teller};
use crate::package::Hash;
use crate::pool::{Full, Pool, RETRY_AFTER, Size};
use crate::prepared::Prepared;
use crate::quarantine::{loading::Loading, released_at};
use crate::registry::{self, Installed, Packages, Registered};
use crate::state::State;
use crate::{
    Asked, CallError, InstallError, Manifest, Plugin, RuntimeError, Submitted, engine, imports, once,
};

/// What a deployment may set.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many calls run and wait.
    pub pool: Size,
    /// Who compiles packages.
    pub compiler: Compiler,
}

impl Options {
    /// Four workers for each processor: a call that commits waits for the disk, and changes that wait
    /// together share one write. Half of the workers at most for one plugin.
    pub fn new(compiler: Compiler) -> Self {
        let processors = thread::available_parallelism().map_or(2, usize::from);
        let workers = (processors * 4).clamp(8, 64);
        let pool = Size { workers, running_per_lane: workers / 2, waiting_per_lane: 256, waiting: 1024 };
        Self { pool, compiler }
    }
}

/// The plugins of one data folder. Dropping it lets queued calls finish.
pub struct Runtime {
    house: Arc<House>,
    pool: Arc<Pool>,
}

/// What calls need.
pub(crate) struct House {
    pub(crate) platform: Arc<Platform>,
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) cache: Cache,
    pub(crate) workshop: Workshop,
    pub(crate) packages: Packages,
    pub(crate) plugins: ArcSwap<HashMap<PluginId, Arc<Plugin>>>,
    /// One installation at a time, once its package is compiled.
    pub(crate) installing: Mutex<()>,
    failed: Mutex<Vec<NotLoaded>>,
    pub(crate) endings: Endings,
}

/// An installed plugin that could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLoaded {
    /// Its id, as it was registered.
    pub id: String,
    /// The unit it is installed for; none when its registration cannot be read.
    pub home_unit: Option<UnitId>,
    /// Why, for the operator.
    pub reason: String,
}

impl Runtime {
    /// Starts the engine and the workers, and loads what is installed. A plugin that cannot be loaded fails
    /// alone ([`not_loaded`](Self::not_loaded)); the host always starts.
    pub fn start(platform: Arc<Platform>, options: Options) -> Result<Arc<Self>, RuntimeError> {
        let workers = options.pool.workers.max(1);
        // One more than can be called, for the rehearsal of an installation.
        let engine = engine::start(u32::try_from(workers + 1).unwrap_or(u32::MAX))?;
        let mut linker = Linker::new(&engine);
        imports::add_to(&mut linker).map_err(|error| RuntimeError::Engine(format!("{error:#}")))?;
        let cache = Cache::open(platform.data_dir(), &engine)?;
        let packages = Packages::open(platform.data_dir())?;
        let workshop = Workshop::new(options.compiler, &engine);
        let house = Arc::new(House {
            platform,
            engine,
            linker,
            cache,
            workshop,
            packages,
            plugins: ArcSwap::default(),
            installing: Mutex::new(()),
            failed: Mutex::default(),
            endings: Endings::default(),
        });
        house.load_all()?;
        let pool = Pool::start(Size { workers, ..options.pool })
            .map_err(RuntimeError::io("starting a thread", "dinh-call"))?;
        for plugin in house.plugins.load().values() {
            pool.bound(plugin.data.number, plugin.bound());
        }
        Ok(Arc::new(Self { house, pool: Arc::new(pool) }))
    }

    /// Begins to tell plugins of changes of what they follow, to fire their timers and to take the steps of their jobs, until
    /// what is returned is dropped. To be done once, by whoever serves.
    pub fn tell(&self) -> Result<Teller, RuntimeError> {
        Teller::start(&self.house, &self.pool).map_err(RuntimeError::io("starting a thread", "dinh-events"))
    }

    /// Tells plugins of what is due now, fires the timers that are, and returns when nobody can be told anything more: for
    /// whoever does not [`tell`](Self::tell) all the time. What has failed is tried again by the next call after it is due.
    pub fn tell_now(&self) -> Result<(), CallError> {
        loop {
            self.tell_subscribers()?;
            if !self.fire_timers()? {
                return Ok(());
            }
        }
    }

    /// Fires the timers that are due now; whether there was any.
    fn fire_timers(&self) -> Result<bool, CallError> {
        let mut waiting = HashSet::new();
        let mut any = false;
        loop {
            let now = dinh_model::time::microseconds(self.house.platform.clock().now());
            let mut due = self.house.timers()?;
            due.retain(|(plugin, due)| *due <= now && !waiting.contains(plugin));
            if due.is_empty() {
                return Ok(any);
            }
            for (plugin, _) in due {
                let firing = plugin.clone();
                if self.in_turn(&plugin, move |house| house.fire(&firing))? == Progress::Waits {
                    waiting.insert(plugin);
                } else {
                    any = true;
                }
            }
        }
    }

    fn tell_subscribers(&self) -> Result<(), CallError> {
        let mut waiting = HashSet::new();
        loop {
            let mut due = self.house.due()?;
            due.retain(|(subscription, _)| !waiting.contains(&subscription.contract));
            if due.is_empty() {
                return Ok(());
            }
            for (subscription, _) in due {
                if self.tell_one(&subscription)? == Progress::Waits {
                    waiting.insert(subscription.contract);
                }
            }
        }
    }

    fn tell_one(&self, subscription: &Subscription) -> Result<Progress, CallError> {
        let contract = subscription.contract;
        self.in_turn(&subscription.consumer, move |house| house.tell(contract))
    }

    /// Runs what nobody asked for in a plugin's lane, and waits for it.
    pub(crate) fn in_turn(
        &self,
        plugin: &PluginId,
        run: impl FnOnce(&House) -> Progress + Send + 'static,
    ) -> Result<Progress, CallError> {
        let lane = self.plugin(plugin).map_or(0, |plugin| plugin.data.number);
        let (answer, answered) = std::sync::mpsc::channel();
        let house = Arc::clone(&self.house);
        let job = move || {
            let _ = answer.send(run(&house));
        };
        self.pool.enter(lane, job).map_err(|Full| CallError::Busy { retry_after: RETRY_AFTER })?;
        // A call that broke off says nothing, and is no reason to go on.
        Ok(answered.recv().unwrap_or(Progress::Waits))
    }

    /// Forgets results of forms that are too old for anybody to ask for ([`Runtime::result_of`]). To be done
    /// now and then while the runtime serves; what fails is logged.
    pub fn forget_results(&self) {
        match once::forget(&self.house.platform) {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old results of forms were forgotten"),
            Err(error) => tracing::warn!(%error, "old results of forms could not be forgotten"),
        }
    }

    /// The installed plugins that can be called, by the Vietnamese alphabet of their names.
    pub fn plugins(&self) -> Vec<Arc<Plugin>> {
        let all = self.house.plugins.load();
        let mut plugins: Vec<_> =
            all.values().filter(|plugin| !plugin.is_built_in()).map(Arc::clone).collect();
        plugins
            .sort_by_cached_key(|plugin| dinh_model::text::sort_key(plugin.manifest.name.get(Language::Vi)));
        plugins
    }

    /// What is built into the platform and can be called as plugins are.
    pub fn built_in(&self) -> Vec<Arc<Plugin>> {
        let all = self.house.plugins.load();
        all.values().filter(|plugin| plugin.is_built_in()).map(Arc::clone).collect()
    }

    /// A plugin that can be called, installed or built in.
    pub fn plugin(&self, id: &PluginId) -> Option<Arc<Plugin>> {
        self.house.plugins.load().get(id).map(Arc::clone)
    }

    /// Installed plugins that could not be loaded, and why.
    pub fn not_loaded(&self) -> Vec<NotLoaded> {
        self.house.failed.lock().clone()
    }

    /// Calls that wait for a worker.
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    /// How many calls of plugins reached a limit, broke off or failed since the start.
    pub fn endings(&self) -> Vec<(Ending, u64)> {
        self.house.endings.so_far()
    }

    /// The last calls of a plugin that ended so, newest first: at most twenty since the start.
    pub fn last_endings(&self, plugin: &PluginId) -> Vec<Ended> {
        self.house.endings.last(plugin)
    }

    /// How much a plugin keeps.
    pub fn volume(&self, plugin: &Plugin) -> Result<Volume, ServiceError> {
        let snapshot = self.house.platform.store().snapshot().map_err(ServiceError::from)?;
        Volume::of(&snapshot, plugin.data.number)
    }

    /// The unit that a plugin is installed for, also of one that could not be loaded.
    pub fn home_of(&self, plugin: &PluginId) -> Option<UnitId> {
        let served = self.plugin(plugin).filter(|plugin| !plugin.is_built_in());
        served.map(|plugin| plugin.data.home_unit).or_else(|| {
            let failed = self.house.failed.lock();
            failed.iter().find(|failed| failed.id == plugin.as_str()).and_then(|failed| failed.home_unit)
        })
    }

    /// How compilations of packages ended since the start.
    pub fn compilations(&self) -> Outcomes {
        self.house.workshop.outcomes()
    }

    /// What calls hold of the engine's pool at this moment: nothing, while none runs.
    pub fn in_use(&self) -> InUse {
        engine::in_use(&self.house.engine)
    }

    pub(crate) fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// Serves a plugin from now on.
    pub(crate) fn serve(&self, plugin: &Arc<Plugin>) {
        self.pool.bound(plugin.data.number, plugin.bound());
        self.house.serve(plugin);
    }

    /// Draws a page of a plugin.
    pub async fn render(&self, plugin: &PluginId, asked: Asked) -> Result<views::Page, CallError> {
        self.call(plugin, asked.language, move |house, plugin| house.render(plugin, &asked)).await
    }

    /// Hands a submission to a plugin. `once` names the form that was filled in (a hash of who and which):
    /// handed in again, it gets what came of it the first time.
    pub async fn submit(
        &self,
        plugin: &PluginId,
        asked: Asked,
        submission: pages::Submission,
        once: Option<[u8; 32]>,
    ) -> Result<Submitted, CallError> {
        let language = asked.language;
        let run = move |house: &House, plugin: &Plugin| house.submit(plugin, &asked, &submission, once);
        self.call(plugin, language, run).await
    }

    /// What came of the form `once`, if it was handed in before. To be asked before the page is drawn again
    /// to find the form on it: what the form did may have taken it away.
    pub fn result_of(&self, once: &[u8; 32]) -> Result<Option<pages::Done>, CallError> {
        let platform = &self.house.platform;
        let call = platform.begin(&platform.origin(Actor::Public, Language::default()))?;
        Ok(once::find(&call, once)?)
    }

    /// Runs something on a worker, in the plugin's turn.
    async fn call<T: Send + 'static>(
        &self,
        id: &PluginId,
        language: Language,
        run: impl FnOnce(&House, &Plugin) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        let plugin = self.plugin(id).ok_or(CallError::NoSuchPlugin)?;
        self.house.may_wait(&plugin, language)?;
        self.house.often(&plugin)?;
        let (answer, answered) = oneshot::channel();
        let house = Arc::clone(&self.house);
        let lane = plugin.data.number;
        let job = move || {
            // Whoever asked may have gone while the call waited.
            if !answer.is_closed() {
                // It may have been taken out while the call waited.
                let entered = house.enter(&plugin, language);
                let _ = answer.send(entered.and_then(|_pass| run(&house, &plugin)));
            }
        };
        self.pool.enter(lane, job).map_err(|Full| CallError::Busy { retry_after: RETRY_AFTER })?;
        answered.await.unwrap_or(Err(CallError::Failed))
    }
}

impl House {
    fn load_all(&self) -> Result<(), RuntimeError> {
        let snapshot = self.platform.store().snapshot().map_err(ServiceError::from)?;
        let rows = registry::all(&snapshot)?;
        let mut plugins = HashMap::new();
        let mut failed = Vec::new();
        let loading = Loading::open(self.platform.data_dir());
        for ((id, row), compiled) in rows.iter().zip(self.load_uncompiled(&rows)) {
            let begin = || loading.begin(id, self.platform.clock().about(), released_at(&snapshot, id));
            match compiled.unwrap_or_else(|| begin().and_then(|()| self.load_guarded(row))) {
                Ok(plugin) => {
                    plugins.insert(plugin.manifest.id.clone(), Arc::new(plugin));
                }
                Err(reason) => {
                    tracing::error!(plugin = id, reason, "an installed plugin could not be loaded");
                    let home_unit = row.as_ref().ok().map(|installed| installed.home_unit);
                    failed.push(NotLoaded { id: id.clone(), home_unit, reason });
                }
            }
        }
        let installed: Vec<&Hash> =
            rows.iter().filter_map(|(_, row)| row.as_ref().ok()).map(|row| &row.package).collect();
        if let Err(error) = self.cache.sweep(installed.into_iter()) {
            tracing::warn!(%error, "native code of removed plugins could not be swept away");
        }
        loading.done();
        self.plugins.store(Arc::new(plugins));
        *self.failed.lock() = failed;
        self.look_at_suspensions();
        Ok(())
    }

    /// Loads a plugin; a panic of the host on the way is this plugin's misfortune alone.
    fn load_guarded(&self, row: &Result<Installed, ServiceError>) -> Result<Plugin, String> {
        let loaded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.load(row)));
        loaded.unwrap_or_else(|_| Err("the host panicked while it loaded it; its log says where".to_owned()))
    }

    /// Loads what has to be compiled for it, as many at a time as are compiled at a time; nothing for the others.
    fn load_uncompiled(&self, rows: &[Registered]) -> Vec<Option<Result<Plugin, String>>> {
        let is_missing = |row: &&Registered| row.1.as_ref().is_ok_and(|row| !self.cache.has(&row.package));
        let missing: Vec<usize> =
            rows.iter().enumerate().filter(|(_, row)| is_missing(row)).map(|(number, _)| number).collect();
        let next = AtomicUsize::new(0);
        let take = || {
            let mut loaded = Vec::new();
            loop {
                let number = missing.get(next.fetch_add(1, Ordering::Relaxed));
                let found = number.and_then(|number| Some((*number, rows.get(*number)?)));
                let Some((number, (_, row))) = found else { return loaded };
                loaded.push((number, self.load_guarded(row)));
            }
        };
        let mut all: Vec<_> = rows.iter().map(|_| None).collect();
        thread::scope(|scope| {
            let helpers: Vec<_> =
                (1..compile::places().min(missing.len())).map(|_| scope.spawn(take)).collect();
            let mut done = take();
            done.extend(helpers.into_iter().filter_map(|helper| helper.join().ok()).flatten());
            for (number, loaded) in done {
                if let Some(place) = all.get_mut(number) {
                    *place = Some(loaded);
                }
            }
        });
        all
    }

    fn load(&self, row: &Result<Installed, ServiceError>) -> Result<Plugin, String> {
        let installed = row.as_ref().map_err(ToString::to_string)?;
        let manifest = Manifest::parse(&installed.manifest).map_err(|error| error.to_string())?;
        let instance = self
            .prepare(&installed.package, || Ok(self.packages.get(&installed.package)?))
            .map_err(|error| error.to_string())?;
        Ok(Plugin::new(Arc::new(manifest), installed, instance))
    }

    /// Compiles a package, or finds its code, and links it: after this, a call only makes an instance.
    pub(crate) fn prepare(
        &self,
        package: &Hash,
        read: impl FnOnce() -> Result<Vec<u8>, InstallError>,
    ) -> Result<Prepared<State>, InstallError> {
        let compile = || Ok::<_, InstallError>(self.workshop.compile(package, read()?)?);
        let component = self.cache.component(package, compile)?;
        let link = |error: wasmtime::Error| InstallError::Link(format!("{error:#}"));
        Prepared::new(self.linker.instantiate_pre(&component).map_err(link)?).map_err(link)
    }

    /// Serves a plugin from now on. Calls that run go on with the version they began with.
    pub(crate) fn serve(&self, plugin: &Arc<Plugin>) {
        let id = &plugin.manifest.id;
        self.plugins.rcu(|plugins| {
            let mut plugins = HashMap::clone(plugins);
            plugins.insert(id.clone(), Arc::clone(plugin));
            plugins
        });
        self.failed.lock().retain(|failed| failed.id != id.as_str());
        // What people suspended stays so in another version.
        self.look_at_suspensions();
    }
}
