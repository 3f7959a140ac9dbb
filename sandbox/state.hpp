// Everything the sandbox knows, and what one request sees of it.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "sandbox/aws.hpp"
#include "sandbox/clients.hpp"
#include "sandbox/devices.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/federation.hpp"
#include "sandbox/google.hpp"
#include "sandbox/grants.hpp"
#include "sandbox/records.hpp"

namespace hearth::sandbox {

struct Settings {
    std::string origin;  // The issuer: scheme, address and port without a path.
    Lifetimes lifetimes;
    DeviceRules devices;
    AwsRules aws;
    GoogleRules google;
    bool auto_approve = false;
    bool registration = true;
    bool records_with_tokens = false;
    std::vector<std::string>
        redirect_uris;  // Those of the preregistered clients, besides the usual ones.
};

// An authorization request that was found to be in order.
struct AuthorizationRequest {
    Permission permission;
    std::string redirect_uri;
    std::string challenge;
    std::string state;
    std::string login_hint;
};

// A question to a person that is on the screen. Its ticket is unguessable, so no other page can
// answer it.
struct Question {
    std::variant<AuthorizationRequest, std::string> about;  // Or the user code of a device.
    Instant expires_at;
};

struct State {
    explicit State(Settings given);

    Settings settings;
    Clients clients;
    Grants grants;
    Devices devices;
    std::map<std::string, Question, std::less<>> questions;
    Faults faults;
    Records records;
    Keys keys;
    std::vector<std::string> api_keys;
    FederationRule federation;
    Aws aws;
    Google google;
};

// One request on its way through an endpoint.
struct Exchange {
    State& state;
    const Request& request;
    Instant now;
    TokenRecord record = {};   // Kept for the token endpoints alone.
    AwsRecord aws = {};        // Kept for the AWS face alone.
    GoogleRecord google = {};  // Kept for the Google face alone.
};

using Handler = Response (*)(Exchange&);

}  // namespace hearth::sandbox
