//! What the tests of the binary share: a world, a home, a project and the binary itself, all owned by one test.

mod child;
mod filters;
pub(crate) mod forge;
mod prebuilt;
pub(crate) mod project;
mod setting;
mod strike;
mod tools;
mod wheel;
pub(crate) mod world;

pub(crate) use child::{Child, Run, kill_now, wait_until};
pub(crate) use prebuilt::prebuilt;
pub(crate) use project::git;
pub(crate) use setting::Setting;
pub(crate) use strike::{Course, Point, each, strike};
pub(crate) use tools::{path_with_uv, python, repository, sdists, venv};
pub(crate) use wheel::{sdist, wheel, wheel_saying};
