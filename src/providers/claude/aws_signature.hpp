#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::claude {

struct AwsKeys {
    std::string id;
    Secret secret;
    std::optional<Secret> session_token;
};

struct AwsRequest {
    std::string_view method;
    std::string_view region;
    std::string_view service;
    std::vector<Header> headers;  // Lower case, sorted; `host` and `x-amz-date` among them.
    std::string_view body;
};

// "20150830T123600Z", as `x-amz-date` has it.
std::string aws_date(Instant instant);
// The Authorization header of Signature Version 4, for a request to the path "/" without a query:
// what STS is asked with.
std::string aws_authorization(const AwsRequest& request, const AwsKeys& keys, Instant at);

}  // namespace hearth::providers::claude
