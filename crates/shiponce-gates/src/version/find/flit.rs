//! flit: `__version__` of the module it packs.

use super::super::folder::ReadError;
use super::super::location::{Location, Reading};
use super::{Search, backend, module};

pub(super) fn dynamic(search: &Search<'_>) -> Result<Location, ReadError> {
    let stated = search
        .pyproject
        .text(&["tool", "flit", "module", "name"])
        .or_else(|| search.pyproject.text(&["tool", "flit", "metadata", "module"]));
    let name = stated.map(ToOwned::to_owned).or_else(|| Some(search.name()?.replace('-', "_")));
    let Some(name) = name else { return Ok(backend::after_build(search, "flit reads it from its module")) };
    let Some(file) = module::file_of(search, &name) else {
        let why = Reading::AfterBuild(format!("flit's module {name} is not there before the build"));
        return Ok(Location::other("pyproject.toml", None, "flit", why));
    };
    module::variable(search, &file, "__version__", "flit, __version__")
}
