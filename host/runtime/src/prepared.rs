//! A component ready to be called: compiled, linked, its exports found and their types compared.
//!
//! The bindings that are generated from the WIT compare the types of all exports for each instance, field by
//! field and name by name; views are large, and this was a third of what a fresh instance cost. All
//! instances of a component have the types of the component, so they are compared here, once.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{
    ComponentExportIndex, ComponentNamedList, Instance, InstancePre, Lift, Lower, TypedFunc,
};
use wasmtime::{AsContextMut, Result, format_err};

use crate::bindings::{events, jobs, pages, views};
use crate::manifest::PLATFORM_VERSION;

type RenderTakes<'a> = (&'a pages::Request,);
type RenderGives = (Result<views::Page, pages::Refusal>,);
type SubmitTakes<'a> = (&'a pages::Request, &'a pages::Submission);
type SubmitGives = (Result<pages::Outcome, pages::Refusal>,);
type HandleTakes<'a> = (&'a events::Event,);
type HandleGives = (Result<(), String>,);
type StepTakes<'a> = (&'a jobs::Job,);
type StepGives = (Result<jobs::Progress, String>,);

/// A component of which instances are made, one for each call.
pub struct Prepared<T: 'static> {
    component: InstancePre<T>,
    render: ComponentExportIndex,
    submit: ComponentExportIndex,
    /// Only of a plugin that is told of events.
    handle: Option<ComponentExportIndex>,
    /// Only of a plugin that has jobs.
    step: Option<ComponentExportIndex>,
}

/// An instance of a prepared component.
pub struct Guest<'a, T: 'static> {
    prepared: &'a Prepared<T>,
    instance: Instance,
}

impl<T: 'static> Prepared<T> {
    /// Finds what a linked component exports; refuses it when its types are not the contract's.
    pub fn new(component: InstancePre<T>) -> Result<Self> {
        let pages = format!("dinh:platform/pages@{PLATFORM_VERSION}");
        let interface = component.component().get_export_index(None, &pages);
        let interface = interface.ok_or_else(|| format_err!("the component does not export `{pages}`"))?;
        let render = find::<T, RenderTakes<'_>, RenderGives>(&component, &interface, "render")?;
        let submit = find::<T, SubmitTakes<'_>, SubmitGives>(&component, &interface, "submit")?;
        let events = format!("dinh:platform/events@{PLATFORM_VERSION}");
        let events = component.component().get_export_index(None, &events);
        let handle =
            events.map(|events| find::<T, HandleTakes<'_>, HandleGives>(&component, &events, "handle"));
        let jobs = format!("dinh:platform/jobs@{PLATFORM_VERSION}");
        let jobs = component.component().get_export_index(None, &jobs);
        let step = jobs.map(|jobs| find::<T, StepTakes<'_>, StepGives>(&component, &jobs, "step"));
        Ok(Self { render, submit, handle: handle.transpose()?, step: step.transpose()?, component })
    }

    /// Whether the component handles events.
    pub fn handles_events(&self) -> bool {
        self.handle.is_some()
    }

    /// Whether the component does jobs.
    pub fn does_jobs(&self) -> bool {
        self.step.is_some()
    }

    /// A fresh instance.
    pub fn instantiate(&self, store: impl AsContextMut<Data = T>) -> Result<Guest<'_, T>> {
        Ok(Guest { prepared: self, instance: self.component.instantiate(store)? })
    }
}

// wasmtime has no safe way to say that types were compared already.
#[allow(unsafe_code)]
impl<T: 'static> Guest<'_, T> {
    /// `pages.render`.
    pub fn render(
        &self,
        mut store: impl AsContextMut<Data = T>,
        request: &pages::Request,
    ) -> Result<Result<views::Page, pages::Refusal>> {
        let index = &self.prepared.render;
        // SAFETY: `Prepared::new` compared the types of `render` with these.
        let render = unsafe { self.function::<RenderTakes<'_>, RenderGives>(&mut store, index) }?;
        Ok(render.call(store, (request,))?.0)
    }

    /// `pages.submit`.
    pub fn submit(
        &self,
        mut store: impl AsContextMut<Data = T>,
        request: &pages::Request,
        submission: &pages::Submission,
    ) -> Result<Result<pages::Outcome, pages::Refusal>> {
        let index = &self.prepared.submit;
        // SAFETY: `Prepared::new` compared the types of `submit` with these.
        let submit = unsafe { self.function::<SubmitTakes<'_>, SubmitGives>(&mut store, index) }?;
        Ok(submit.call(store, (request, submission))?.0)
    }

    /// `events.handle`; an error when the component has none.
    pub fn handle(
        &self,
        mut store: impl AsContextMut<Data = T>,
        event: &events::Event,
    ) -> Result<Result<(), String>> {
        let index = self.prepared.handle.as_ref();
        let index = index.ok_or_else(|| format_err!("the component does not export `events`"))?;
        // SAFETY: `Prepared::new` compared the types of `handle` with these.
        let handle = unsafe { self.function::<HandleTakes<'_>, HandleGives>(&mut store, index) }?;
        Ok(handle.call(store, (event,))?.0)
    }

    /// `jobs.step`; an error when the component has none.
    pub fn step(
        &self,
        mut store: impl AsContextMut<Data = T>,
        job: &jobs::Job,
    ) -> Result<Result<jobs::Progress, String>> {
        let index = self.prepared.step.as_ref();
        let index = index.ok_or_else(|| format_err!("the component does not export `jobs`"))?;
        // SAFETY: `Prepared::new` compared the types of `step` with these.
        let step = unsafe { self.function::<StepTakes<'_>, StepGives>(&mut store, index) }?;
        Ok(step.call(store, (job,))?.0)
    }

    /// An exported function of this instance.
    ///
    /// # Safety
    ///
    /// [`find`] has found `export` in the component of this instance, with `Takes` and `Gives`.
    unsafe fn function<Takes, Gives>(
        &self,
        store: impl AsContextMut<Data = T>,
        export: &ComponentExportIndex,
    ) -> Result<TypedFunc<Takes, Gives>>
    where
        Takes: ComponentNamedList + Lower,
        Gives: ComponentNamedList + Lift,
    {
        let function = self.instance.get_func(store, export);
        let function =
            function.ok_or_else(|| format_err!("the instance lacks an export of its component"))?;
        // SAFETY: an instance's functions have the types of its component's, and these were compared when
        // the export was found, as the caller promises.
        Ok(unsafe { TypedFunc::new_unchecked(function) })
    }
}

/// Finds an exported function and compares its types.
fn find<T, Takes, Gives>(
    component: &InstancePre<T>,
    interface: &ComponentExportIndex,
    name: &str,
) -> Result<ComponentExportIndex>
where
    Takes: ComponentNamedList + Lower,
    Gives: ComponentNamedList + Lift,
{
    match component.component().get_export(Some(interface), name) {
        Some((ComponentItem::ComponentFunc(function), index)) => {
            function
                .typecheck::<Takes, Gives>(&component.instance_type())
                .map_err(|error| error.context(format!("`{name}` is not of the contract's type")))?;
            Ok(index)
        }
        _ => Err(format_err!("the component does not export the function `{name}`")),
    }
}
