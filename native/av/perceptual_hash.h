// Owns the perceptual hashes of a small picture. Free of libav.
#pragma once

#include "av/small_picture.h"

namespace framemill {

/// Fills hash and fine_hash from the luma: brought to 32 x 32 cells, a cosine transform (DCT-II), and one bit for each
/// of the lowest 8 x 8 or 16 x 16 frequencies that is above their median.
/// Source: the "pHash" of C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010.
void derive_hashes(SmallPicture& picture);

/// Bits in which two fine hashes differ.
int fine_distance(const SmallPicture& one, const SmallPicture& other);

}  // namespace framemill
