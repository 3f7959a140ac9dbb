#pragma once

#include "cli/client.hpp"
#include "cli/import_report.hpp"
#include "importing/finding.hpp"

namespace hearth::cli {

// Makes the profile and has the agent keep what the finding offers. A profile that was made for
// nothing is taken away again.
Imported take(Client& client, const importing::Finding& finding, const importing::Offer& offer);

}  // namespace hearth::cli
