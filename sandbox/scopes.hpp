#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hearth::sandbox {

// What a sign-in to IAM Identity Center is for.
inline constexpr std::string_view aws_scope = "sso:account:access";

const std::vector<std::string>& supported_scopes();
// What a scope allows, as a person would say it.
std::string_view explained(std::string_view scope);
// Those of the scopes asked for that the server knows; it may grant less than was asked (RFC 6749
// section 3.3).
std::vector<std::string> grantable(const std::vector<std::string>& asked);

}  // namespace hearth::sandbox
