#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::aws {

// A question to one of IAM Identity Center's services.
HttpRequest sso_post(std::string url, Secret body);

// What they say when they refuse, cut and made printable.
struct SsoRefusal {
    // As OAuth writes it, also where only the exception says it: "invalid_grant", "unauthorized".
    // Empty where it was not the service that answered.
    std::string code;
    std::string shown;      // " (InvalidGrantException: …) [request …]", or nothing.
    std::string next_step;  // What a person does about it; empty where hearth does not know.
    bool passing = false;

    // What repeats one of the secrets, or a piece of one, is left out.
    static SsoRefusal read(const HttpResponse& response, const std::vector<Secret>& secrets);
};

// "host: what answered 400 (…)". Remedy::unreachable for what passes, else as given.
Error sso_error(const HttpResponse& response, const SsoRefusal& refusal, const std::string& url,
                std::string_view what, Remedy otherwise);

}  // namespace hearth::providers::aws
