#pragma once

#include <string>

#include "hearth/secret.hpp"

namespace hearth {

// Port: a short name for a secret, by which people tell one from another: twelve hexadecimal digits
// of a hash that is keyed with this installation's id. A plain hash would let whoever sees it in a
// status or a log try keys that leaked elsewhere against it; without the id it confirms no guess,
// and the same key has another name on every machine. Empty where the id cannot be read.
class Fingerprints {
  public:
    virtual ~Fingerprints() = default;
    [[nodiscard]] virtual std::string of(const Secret& secret) const = 0;
};

}  // namespace hearth
