#pragma once

#include <string_view>
#include <vector>

#include "hearth/secret.hpp"
#include "importing/finding.hpp"

namespace hearth::importing {

// One file of ~/.aws/sso/cache; a client that was registered is none that is signed in.
std::optional<Finding> aws_sso_token(const Secret& text);
// One file of ~/.aws/login/cache.
Finding aws_login(const Secret& text);
// One file of ~/.aws/cli/cache: what a role was given.
Finding aws_role(const Secret& text);
// The profiles of a shared credentials or config file that hold an access key.
std::vector<Finding> aws_keys(const Secret& text);

}  // namespace hearth::importing
