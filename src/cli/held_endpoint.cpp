#include "cli/held_endpoint.hpp"

#include <algorithm>

#include "cli/escape.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 250ms;
constexpr std::chrono::milliseconds longest_pause = 30s;

}  // namespace

Result<HeldEndpoint> HeldEndpoint::open(const Invocation& invocation, const std::string& profile) {
    HeldEndpoint endpoint(invocation, profile);
    HEARTH_CHECK(endpoint.ask());
    return endpoint;
}

AwsDoor HeldEndpoint::door() const {
    return {.url = door_.url, .authorization = door_.authorization.clone(), .region = door_.region};
}

std::string HeldEndpoint::address() const { return "127.0.0.1:" + std::to_string(port_); }

int HeldEndpoint::descriptor() const noexcept {
    return client_ ? client_->connection().descriptor() : -1;
}

std::optional<std::chrono::milliseconds> HeldEndpoint::patience() const {
    if (client_) return std::nullopt;
    return pause_;
}

Result<> HeldEndpoint::ask() {
    Request request("endpoint");
    request.text("profile", profile_);
    if (port_ != 0) {
        request.number("port", port_);
        // A metadata server has neither.
        if (!path_.empty()) {
            request.text("path", path_).secret("authorization", door_.authorization);
        }
    }
    auto client =
        std::make_unique<Client>(HEARTH_TRY(Client::open(*invocation_, Reach::start, profile_)));
    const auto answer = HEARTH_TRY(client->ask(request));
    const auto& told = answer.body;
    door_ = AwsDoor{.url = told["url"].text(),
                    .authorization = told["authorization"].secret(),
                    .region = told["region"].text()};
    path_ = told["path"].text();
    port_ = told["port"].number().value_or(0);
    client_ = std::move(client);
    return {};
}

void HeldEndpoint::look() {
    if (client_) {
        // An agent has nothing more to say; what is readable is its end.
        const auto goes_on = client_->connection().receive(0ms);
        if (goes_on && *goes_on) return;
        client_.reset();
        pause_ = 0ms;
    }
    const auto opened = ask();
    if (opened) return;
    if (pause_ == 0ms) {
        invocation_->terminal.words(
            "hearth: " + profile_ +
            ": programs cannot ask for its credential: " + escaped(opened.error().what) + "\n");
    }
    pause_ = std::clamp(pause_ * 2, std::chrono::milliseconds(first_pause), longest_pause);
}

}  // namespace hearth::cli
