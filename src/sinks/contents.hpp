// What the files of a sink say. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/sink.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::sinks {

// What is to be written: a credential, and whose it is.
struct Handout {
    std::string profile;
    bool api_key = false;
    Secret token;
    std::optional<Instant> expires_at;
    std::string base_url;  // Of the API; empty: the provider's.
    std::string email;
    std::string organization_id;
    std::string organization_name;
    std::string workspace_id;
};

// As `hearth token --json` prints it.
Secret json_content(const Handout& handout);

// The file below credentials/ of Anthropic's SDKs. They read it anew two minutes before its
// `expires_at`, which is in Unix seconds.
Secret anthropic_credentials(const Handout& handout);
// The file below configs/: a profile of type user_oauth without a client, by which the SDKs know
// that somebody else renews.
std::string anthropic_config(const Handout& handout);
// Whether a file that is there may be replaced: it was made for a profile that somebody else
// renews.
Result<> may_replace_anthropic_config(std::string_view text, const std::string& path);

}  // namespace hearth::sinks
