#pragma once

#include <expected>
#include <stop_token>
#include <string>
#include <string_view>

#include "hearth/credential.hpp"
#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// The keys of the instance that this runs on, with its region, from where the file says. Of the
// variables of AWS those count that name a region.
std::expected<AwsKeys, TokenFailure> instance_aws_keys(const AwsSource& source,
                                                       const std::string& place,
                                                       const Outside& outside,
                                                       const std::stop_token& stop);

bool is_aws_region(std::string_view text) noexcept;

}  // namespace hearth::providers::google
