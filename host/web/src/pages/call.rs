//! Calls of the services that the host's own pages make for their visitor.

use dinh_services::{Call, Origin, ServiceError};

use crate::app::App;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// Looks something up for the visitor.
pub fn read<T>(
    app: &App,
    visitor: &Visitor,
    look: impl FnOnce(&mut Call) -> Result<T, ServiceError>,
) -> Result<T, Problem> {
    let found = app.platform.begin_reading(&visitor.origin(app)).and_then(|mut call| look(&mut call));
    found.map_err(|error| Problem::service(&error, visitor.language))
}

/// The same for what may take long: off the threads that answer requests.
pub async fn read_long<T: Send + 'static>(
    app: &App,
    visitor: &Visitor,
    look: impl FnOnce(&mut Call) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    let (platform, origin) = (app.platform.clone(), visitor.origin(app));
    let found =
        blocking(move || platform.begin_reading(&origin).and_then(|mut call| look(&mut call))).await?;
    found.map_err(|error| Problem::service(&error, visitor.language))
}

/// The same; what was read or refused on the way is durable evidence before this returns.
pub async fn look<T: Send + 'static>(
    app: &App,
    visitor: &Visitor,
    look: impl FnMut(&mut Call) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    let (platform, origin) = (app.platform.clone(), visitor.origin(app));
    let found = blocking(move || platform.look(&origin, look)).await?;
    found.map_err(|error| Problem::service(&error, visitor.language))
}

/// Does something as the visitor, in one change.
pub async fn perform<T: Send + 'static>(
    app: &App,
    visitor: &Visitor,
    deed: impl FnMut(&mut Call) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    performed(app, visitor, visitor.origin(app), deed).await
}

/// Does something to the visitor's own account: as themselves, whoever else's rights their session uses.
pub async fn perform_oneself<T: Send + 'static>(
    app: &App,
    visitor: &Visitor,
    deed: impl FnMut(&mut Call) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    performed(app, visitor, visitor.origin(app).oneself(), deed).await
}

async fn performed<T: Send + 'static>(
    app: &App,
    visitor: &Visitor,
    origin: Origin,
    deed: impl FnMut(&mut Call) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    let platform = app.platform.clone();
    let done = blocking(move || platform.perform(&origin, deed)).await?;
    done.map_err(|error| Problem::service(&error, visitor.language))
}

/// Does what takes long, off the threads that answer requests.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
}
