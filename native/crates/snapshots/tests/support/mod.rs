//! Makes archives, also ones that no program would write.

pub(crate) mod tar_builder;
