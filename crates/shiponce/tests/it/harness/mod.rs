//! What the tests of the binary share: a world, a home, a project and the binary itself, all owned by one test.

mod child;
mod filters;
mod prebuilt;
mod project;
mod setting;
mod tools;
mod wheel;
mod world;

pub(crate) use child::{Child, Run};
pub(crate) use prebuilt::prebuilt;
pub(crate) use setting::Setting;
pub(crate) use tools::python;
pub(crate) use wheel::{sdist, wheel};
