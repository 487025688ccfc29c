//! Files of containers: copied out and in, compared with the image, exported.

mod attacks;
mod copying;
mod layers;
mod support;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    [copying::trials(), layers::trials(), attacks::trials()]
        .into_iter()
        .flatten()
        .collect()
}
