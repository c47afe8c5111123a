//! The plugins of one data folder: started, installed, called.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::thread;

use arc_swap::ArcSwap;
use dinh_model::{Actor, Language, PluginId, UnitId};
use dinh_services::sharing::feed::Subscription;
use dinh_services::{Platform, ServiceError};
use parking_lot::Mutex;
use tokio::sync::oneshot;
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::bindings::{pages, views};
use crate::cache::Cache;
use crate::endings::{Ending, Endings};
use crate::engine::InUse;
use crate::events::{Progress, Teller};
use crate::package::Hash;
use crate::pool::{Full, Pool, RETRY_AFTER, Size};
use crate::prepared::Prepared;
use crate::registry::{self, Installed, Packages};
use crate::state::State;
use crate::{
    Asked, CallError, InstallError, Manifest, Plugin, RuntimeError, Submitted, engine, imports, once,
};

/// What a deployment may set.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many calls run and wait.
    pub pool: Size,
}

impl Default for Options {
    /// Four workers for each processor: a call that commits waits for the disk, and changes that wait
    /// together share one write. Half of the workers at most for one plugin.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(2, usize::from);
        let workers = (processors * 4).clamp(8, 64);
        Self { pool: Size { workers, running_per_lane: workers / 2, waiting_per_lane: 256, waiting: 1024 } }
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
    pub(crate) packages: Packages,
    pub(crate) plugins: ArcSwap<HashMap<PluginId, Arc<Plugin>>>,
    /// One installation at a time.
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
        let house = Arc::new(House {
            platform,
            engine,
            linker,
            cache,
            packages,
            plugins: ArcSwap::default(),
            installing: Mutex::new(()),
            failed: Mutex::default(),
            endings: Endings::default(),
        });
        house.load_all()?;
        let pool = Pool::start(Size { workers, ..options.pool })
            .map_err(RuntimeError::io("starting a thread", "dinh-call"))?;
        Ok(Arc::new(Self { house, pool: Arc::new(pool) }))
    }

    /// Begins to tell plugins of changes of what they follow, and to take the steps of their jobs, until what is returned is dropped. To be done once, by
    /// whoever serves.
    pub fn tell(&self) -> Result<Teller, RuntimeError> {
        Teller::start(&self.house, &self.pool).map_err(RuntimeError::io("starting a thread", "dinh-events"))
    }

    /// Tells plugins of what is due now, and returns when nobody can be told anything more: for whoever does not
    /// [`tell`](Self::tell) all the time. What has failed is tried again by the next call after it is due.
    pub fn tell_now(&self) -> Result<(), CallError> {
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

    /// What calls hold of the engine's pool at this moment: nothing, while none runs.
    pub fn in_use(&self) -> InUse {
        engine::in_use(&self.house.engine)
    }

    pub(crate) fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// Draws a page of a plugin.
    pub async fn render(&self, plugin: &PluginId, asked: Asked) -> Result<views::Page, CallError> {
        self.call(plugin, move |house, plugin| house.render(plugin, &asked)).await
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
        self.call(plugin, move |house, plugin| house.submit(plugin, &asked, &submission, once)).await
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
        run: impl FnOnce(&House, &Plugin) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        let plugin = self.plugin(id).ok_or(CallError::NoSuchPlugin)?;
        let (answer, answered) = oneshot::channel();
        let house = Arc::clone(&self.house);
        let lane = plugin.data.number;
        let job = move || {
            // Whoever asked may have gone while the call waited.
            if !answer.is_closed() {
                let _ = answer.send(run(&house, &plugin));
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
        for (id, row) in &rows {
            match self.load(row) {
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
        self.plugins.store(Arc::new(plugins));
        *self.failed.lock() = failed;
        Ok(())
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
        let component = self.cache.component(package, read)?;
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
    }
}
