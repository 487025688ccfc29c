//! Makes archives, also ones that no program would write.

pub mod tar_builder;
