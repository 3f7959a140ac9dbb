// Keys that the machine or its container has: the container endpoint of ECS, EKS Pod Identity and
// the like, and version 2 of the instance metadata service.
#pragma once

#include <stop_token>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "core/random.hpp"
#include "providers/aws/keys.hpp"

namespace hearth::providers::aws {

// `authorization` as it stands in the variable or the file now, sent as it is; may be empty.
KeysResult container_keys(const std::string& url, std::string_view authorization, Http& http,
                          const std::stop_token& stop);

// Version 1, which gives keys to whatever can be made to fetch an address, is not asked, whatever
// `v1_disabled` says. Keys that have expired, or are about to, get a quarter of an hour and some
// minutes more, as the services accept: the instance's service may be the one that lags behind.
KeysResult instance_keys(const InstanceMetadata& service, Http& http, Random& random, Instant now,
                         const std::stop_token& stop);

}  // namespace hearth::providers::aws
