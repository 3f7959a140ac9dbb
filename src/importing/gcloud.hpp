#pragma once

#include "hearth/secret.hpp"
#include "importing/finding.hpp"

namespace hearth::importing {

// A file of Application Default Credentials, of whichever type.
Finding application_default(const Secret& text);

}  // namespace hearth::importing
