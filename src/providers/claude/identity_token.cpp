#include "providers/claude/identity_token.hpp"

#include "core/try.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"
#include "oauth/form.hpp"
#include "providers/claude/aws_identity.hpp"

namespace hearth::providers::claude {
namespace {

using namespace std::chrono_literals;

using Kind = IdentitySource::Kind;

// A platform's own service is near; what does not answer soon is not there.
constexpr Span platform_patience = 10s;

constexpr const char* google_server = "http://metadata.google.internal";
constexpr const char* google_path =
    "/computeMetadata/v1/instance/service-accounts/default/identity";

std::unexpected<Error> failed(std::string what, std::string hint) {
    return std::unexpected(Error{Remedy::failed, std::move(what), std::move(hint)});
}

Result<Secret> variable_of(const Profile& profile, IdentityMaterial& material,
                           const std::string& name, std::string hint) {
    auto value = material.variable(profile.name, name);
    if (value && !value->empty()) return *std::move(value);
    return failed("no process that asked had the variable " + name + ", which the identity token " +
                      "comes from",
                  std::move(hint));
}

Result<Assertion> from_variable(const Profile& profile, IdentityMaterial& material) {
    const auto& name = profile.federation->identity.what;
    const auto value = HEARTH_TRY(
        variable_of(profile, material, name, "export " + name + ", and ask from where it is set"));
    return Assertion::parse(value.reveal(), "the identity token in " + name);
}

Result<Assertion> from_file(const std::string& path, IdentityMaterial& material) {
    const auto content = HEARTH_TRY(material.file(path, longest_assertion + 64));
    return Assertion::parse(content.reveal(), "the identity token in " + path);
}

// Documented by GitHub; checked against the sandbox only.
Result<Assertion> from_github(const Profile& profile, IdentityMaterial& material, Http& http,
                              const std::stop_token& stop) {
    const auto names = profile.federation->identity.variables();
    const auto* const hint =
        "give the job the permission 'id-token: write', and ask from within it";
    const auto address = HEARTH_TRY(variable_of(profile, material, names[0], hint));
    const auto key = HEARTH_TRY(variable_of(profile, material, names[1], hint));
    std::string url(address.reveal());
    url += (url.contains('?') ? "&audience=" : "?audience=") +
           oauth::form_encoded(profile.federation->audience);
    HttpRequest request{.url = std::move(url),
                        .headers = {{"Authorization", "Bearer " + std::string(key.reveal())},
                                    {"Accept", "application/json"}},
                        .body = {},
                        .timeout = platform_patience};
    std::vector<Secret> secrets;
    secrets.push_back(key.clone());
    const auto reply = HEARTH_TRY(
        oauth::exchange(http, std::move(request), "GitHub's token service", secrets, stop));
    const auto token = reply.secret("value");
    if (!token) return failed("GitHub's token service answered without a token", hint);
    return Assertion::parse(token->reveal(), "the identity token from GitHub");
}

// Documented by Google; checked against the sandbox only.
Result<Assertion> from_google(const FederationSettings& federation, Http& http,
                              const std::stop_token& stop) {
    std::string server =
        federation.identity.what.empty() ? google_server : federation.identity.what;
    while (server.ends_with('/')) server.pop_back();
    HttpRequest request{.url = server + google_path + "?audience=" +
                               oauth::form_encoded(federation.audience) + "&format=full",
                        .headers = {{"Metadata-Flavor", "Google"}},
                        .body = {},
                        .timeout = platform_patience};
    const auto url = request.url;
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    if (response->status != 200) {
        auto error = oauth::not_done(*response, url, "the metadata server", {});
        error.hint = "the machine needs a service account of its own";
        return std::unexpected(std::move(error));
    }
    // Whatever else answers at that address is not believed.
    if (response->header("Metadata-Flavor") != "Google")
        return failed("what answers at " + server + " is not Google's metadata server",
                      "identity_token = \"google\" is for machines in Google Cloud");
    return Assertion::parse(response->body.reveal(), "the identity token from the metadata server");
}

}  // namespace

Result<Assertion> identity_token(const Profile& profile, IdentityMaterial& material,
                                 const Ports& ports, const std::stop_token& stop) {
    const auto& source = profile.federation->identity;
    switch (source.kind) {
        case Kind::file:
            return from_file(source.what, material);
        case Kind::variable:
            return from_variable(profile, material);
        case Kind::github:
            return from_github(profile, material, ports.http, stop);
        case Kind::google:
            return from_google(*profile.federation, ports.http, stop);
        case Kind::aws:
            return aws_identity(profile, material, ports, stop);
        case Kind::none:
            break;
    }
    return failed("the profile does not say where its identity token comes from",
                  "set identity_token in the profile");
}

}  // namespace hearth::providers::claude
