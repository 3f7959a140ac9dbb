#include "agent/endpoints.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "agent/endpoint.hpp"
#include "agent/endpoint_container.hpp"
#include "agent/endpoint_metadata.hpp"
#include "agent/identity.hpp"
#include "agent/line.hpp"
#include "agent/obtaining.hpp"
#include "agent/projects.hpp"
#include "core/arena.hpp"
#include "core/try.hpp"
#include "providers/google/token.hpp"
#include "system/random.hpp"

namespace hearth::agent {
namespace {

constexpr std::size_t path_bytes = 16;
constexpr std::size_t token_bytes = 32;

Secret random_token(Random& random) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::byte, token_bytes> bytes{};
    random.fill(bytes);
    SecretBuilder text;
    for (const auto one : bytes) {
        const auto octet = std::to_integer<unsigned>(one);
        text.append(digits.substr(octet >> 4U, 1)).append(digits.substr(octet & 15U, 1));
    }
    Arena::wipe(reinterpret_cast<char*>(bytes.data()), bytes.size());
    return text.take();
}

bool is_hexadecimal(std::string_view text, std::size_t bytes) {
    return text.size() == 2 * bytes &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Where an endpoint is, and what it wants to be shown: a path and a token in the container's, and
// nothing in the metadata server's.
struct Door {
    std::uint16_t port = 0;  // 0: the system chooses.
    std::string path;
    Secret authorization;
};

Error no_endpoint() {
    return {Remedy::usage, "this is no endpoint that an agent opened",
            "docs/protocol.md describes the requests"};
}

// The endpoint that the caller had from an agent before this one; absent when it wants a new one.
Result<std::optional<Door>> door_before(const Request& request, bool wants_token) {
    const auto& members = request.members();
    if (!members.has("port")) return std::optional<Door>();
    const auto port = members.number("port").value_or(0);
    constexpr std::int64_t last_of_the_systems = 1023;
    constexpr std::int64_t last = 65535;
    if (port <= last_of_the_systems || port > last) return std::unexpected(no_endpoint());
    Door door{.port = static_cast<std::uint16_t>(port), .path = {}, .authorization = {}};
    if (!wants_token) return door;
    door.path = members.text("path");
    auto token = members.secret("authorization");
    if (!door.path.starts_with('/') ||
        !is_hexadecimal(std::string_view(door.path).substr(1), path_bytes) || !token ||
        !is_hexadecimal(token->reveal(), token_bytes))
        return std::unexpected(no_endpoint());
    door.authorization = *std::move(token);
    return door;
}

Door new_door(bool wants_token) {
    if (!wants_token) return {};
    system::SystemRandom random;
    return {.port = 0, .path = "/" + random.hex(path_bytes), .authorization = random_token(random)};
}

MetadataFacts facts_of(Service& service, const ProfileName& profile) {
    MetadataFacts facts;
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(profile);
    if (found == profiles.end()) return facts;
    const auto& google = *std::as_const(*found->second).google;
    facts.project = google.project;
    facts.universe_domain = google.universe_domain;
    facts.id_token_audience = google.id_token_audience;
    facts.email = google.impersonate;
    facts.scopes = found->second->scopes.values();
    if (facts.scopes.empty()) facts.scopes.emplace_back(providers::google::cloud_platform);
    if (!facts.email.empty()) return facts;
    if (const auto status = service.engine.status(profile)) facts.email = status->account.email;
    return facts;
}

std::unique_ptr<EndpointFace> face_of(Service& service, const ProfileName& profile,
                                      const Door& door) {
    if (!door.path.empty())
        return std::make_unique<ContainerFace>(door.path, door.authorization.clone());
    return std::make_unique<MetadataFace>(
        [&service, profile] { return facts_of(service, profile); });
}

// Ends the endpoint with the caller's connection.
class Hold {
  public:
    Hold(session::Loop& loop, std::shared_ptr<Endpoint> endpoint)
        : loop_(loop), endpoint_(std::move(endpoint)) {}
    // NOLINTNEXTLINE(bugprone-exception-escape): without memory to post, the program ends here.
    ~Hold() {
        endpoint_->close();
        loop_.post([ended = std::move(endpoint_)] {});
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

  private:
    session::Loop& loop_;
    std::shared_ptr<Endpoint> endpoint_;
};

void open(Service& service, Call& call, const ProfileName& profile, const Door& door,
          const std::string& region) {
    auto& caller = call.caller();
    const auto opened = Endpoint::open(service, service.sockets,
                                       {.profile = profile,
                                        .shown = shown_name(service, profile),
                                        .pid = caller.pid(),
                                        .executable = caller.executable()},
                                       face_of(service, profile, door), door.port);
    if (!opened) return fail(service, call, opened.error());
    caller.hold(std::make_shared<Hold>(service.loop, *opened));
    const auto port = (*opened)->port();
    Line line;
    line.object("ok").text("url", "http://127.0.0.1:" + std::to_string(port) + door.path);
    line.number("port", port).text_or_null("path", door.path);
    line.text_or_null("authorization", door.authorization.reveal());
    line.text_or_null("region", region);
    call.answer(line.take());
}

Error has_nothing_to_ask_for(const ProfileName& profile) {
    return {Remedy::usage,
            profile.text() + " has neither keys of AWS nor tokens of Google's to ask for",
            "name a profile of a role, of keys, or of Google Cloud"};
}

void begin(Service& service, const CallPtr& call, const ProfileName& profile, bool wants_token,
           const Result<CredentialPtr>& made) {
    if (!made) return fail_for(service, *call, profile, made.error());
    const auto* const keys = (*made)->aws_keys();
    if (wants_token != (keys != nullptr))
        return fail(service, *call, has_nothing_to_ask_for(profile));
    open(service, *call, profile, new_door(wants_token), keys == nullptr ? "" : keys->region);
}

}  // namespace

void endpoint(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(*profile);
    const std::string provider = found == profiles.end() ? "" : found->second->provider;
    if (!provider.empty() && provider != "aws" && provider != "google")
        return fail(service, *call, has_nothing_to_ask_for(*profile));
    const bool wants_token = provider != "google";
    const auto door = door_before(call->request(), wants_token);
    if (!door) return fail(service, *call, door.error());
    // A program that has it already is not kept waiting.
    if (const auto& before = *door) return open(service, *call, *profile, *before, {});
    // Whoever is about to start a program hears now what is amiss, and the program does not wait.
    call->keep(
        obtain(service, call, *profile, {},
               [&service, weak = std::weak_ptr(call), profile = *profile, wants_token](auto made) {
                   if (const auto live = weak.lock())
                       begin(service, live, profile, wants_token, made);
               }));
}

}  // namespace hearth::agent
