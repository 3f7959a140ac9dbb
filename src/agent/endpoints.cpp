#include "agent/endpoints.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "agent/endpoint.hpp"
#include "agent/identity.hpp"
#include "agent/line.hpp"
#include "agent/obtaining.hpp"
#include "agent/projects.hpp"
#include "core/arena.hpp"
#include "core/try.hpp"
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

// The endpoint that the caller had from an agent before this one; absent when it wants a new one.
Result<std::optional<EndpointTerms>> terms_before(const Request& request) {
    const auto& members = request.members();
    if (!members.has("port")) return std::optional<EndpointTerms>();
    const auto port = members.number("port").value_or(0);
    const auto path = members.text("path");
    auto token = members.secret("authorization");
    constexpr std::int64_t last_of_the_systems = 1023;
    constexpr std::int64_t last = 65535;
    if (port <= last_of_the_systems || port > last || !path.starts_with('/') ||
        !is_hexadecimal(std::string_view(path).substr(1), path_bytes) || !token ||
        !is_hexadecimal(token->reveal(), token_bytes)) {
        return std::unexpected(Error{Remedy::usage, "this is no endpoint that an agent opened",
                                     "docs/protocol.md describes the requests"});
    }
    return EndpointTerms{
        .path = path, .authorization = *std::move(token), .port = static_cast<std::uint16_t>(port)};
}

EndpointTerms new_terms() {
    system::SystemRandom random;
    return {.path = "/" + random.hex(path_bytes), .authorization = random_token(random)};
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

// The region that the keys sign for, as a signature names it
// (Credential=ID/DATE/REGION/SERVICE/...); empty where nothing says.
std::string region_of(const Credential& credential) {
    hearth::Request request;
    request.url = "http://127.0.0.1/";
    request.service = "sts";
    if (!credential.authorize(request)) return {};
    const auto header = std::ranges::find(request.headers, "Authorization", &Header::name);
    if (header == request.headers.end()) return {};
    std::string_view scope = header->value;
    scope.remove_prefix(std::min(scope.find("Credential="), scope.size()));
    scope = scope.substr(0, scope.find(','));
    for (int part = 0; part < 2; ++part) scope.remove_prefix(scope.find('/') + 1);
    return std::string(scope.substr(0, scope.find('/')));
}

void open(Service& service, Call& call, const ProfileName& profile, EndpointTerms terms,
          const std::string& region) {
    auto& caller = call.caller();
    const auto opened = Endpoint::open(service, service.sockets,
                                       {.profile = profile,
                                        .shown = shown_name(service, profile),
                                        .pid = caller.pid(),
                                        .executable = caller.executable()},
                                       std::move(terms));
    if (!opened) return fail(service, call, opened.error());
    caller.hold(std::make_shared<Hold>(service.loop, *opened));
    const auto& used = (*opened)->terms();
    Line line;
    line.object("ok").text("url", (*opened)->url()).number("port", used.port);
    line.text("path", used.path).text("authorization", used.authorization.reveal());
    line.text_or_null("region", region);
    call.answer(line.take());
}

Error has_no_keys(const ProfileName& profile) {
    return {Remedy::usage, profile.text() + " has no keys of AWS for programs to ask for",
            "name a profile of a role or of keys"};
}

void begin(Service& service, const CallPtr& call, const ProfileName& profile,
           const Result<CredentialPtr>& made) {
    if (!made) return fail_for(service, *call, profile, made.error());
    if ((*made)->aws_keys() == nullptr) return fail(service, *call, has_no_keys(profile));
    open(service, *call, profile, new_terms(), region_of(**made));
}

}  // namespace

void endpoint(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    auto terms = terms_before(call->request());
    if (!terms) return fail(service, *call, terms.error());
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(*profile);
    if (found != profiles.end() && found->second->provider != "aws")
        return fail(service, *call, has_no_keys(*profile));
    // A program that has it already is not kept waiting.
    if (*terms) return open(service, *call, *profile, **std::move(terms), {});
    // Whoever is about to start a program hears now what is amiss, and the program does not wait.
    call->keep(obtain(service, call, *profile, {},
                      [&service, weak = std::weak_ptr(call), profile = *profile](auto made) {
                          if (const auto live = weak.lock()) begin(service, live, profile, made);
                      }));
}

}  // namespace hearth::agent
