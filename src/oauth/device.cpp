#include "oauth/device.hpp"

#include <algorithm>
#include <optional>

#include "core/try.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"

namespace hearth::oauth {
namespace {

constexpr Span slower = std::chrono::seconds(5);
constexpr Span fastest = std::chrono::seconds(1);
constexpr Span slowest = std::chrono::minutes(1);

Error ended(std::string_view why) {
    return Error{Remedy::sign_in, "the sign-in " + std::string(why), "sign in again"};
}

// The end of the polling, or how long to wait before the next poll; obeys RFC 8628 section 3.5.
Result<Span> after_failure(const TokenFailure& failure, Span& interval) {
    if (failure.code == "authorization_pending") return interval;
    if (failure.code == "slow_down") {
        interval += slower;  // For this and all later polls.
        return interval;
    }
    if (failure.code == "access_denied")
        return std::unexpected(ended("was refused in the browser"));
    if (failure.code == "expired_token") {
        return std::unexpected(ended("was not approved before its code ran out"));
    }
    if (failure.kind == TokenFailure::Kind::grant_invalid || !failure.worth_retrying) {
        return std::unexpected(failure.error);
    }
    // No answer, or one that something in between gave: ask less often, as the RFC wants it.
    interval = std::max(interval, std::min(interval * 2, slowest));
    return std::max(interval, failure.retry_after.value_or(Span{}));
}

}  // namespace

Result<DeviceAuthorization> fit_to_show(DeviceAuthorization authorization) {
    authorization.user_code = printable(authorization.user_code, 64);
    authorization.interval = std::max(authorization.interval, fastest);
    if (authorization.device_code.empty() || authorization.user_code.empty()) {
        return std::unexpected(
            Error{Remedy::failed, "the device authorization endpoint answered without a code", ""});
    }
    if (const auto page = endpoint("", authorization.verification_uri); !page) {
        // Which page it is is not said: the server wrote it, and may have written anything.
        return std::unexpected(
            Error{page.error().remedy,
                  "the page to enter the code at is neither https nor on loopback", ""});
    }
    if (!endpoint("", authorization.verification_uri_complete)) {
        authorization.verification_uri_complete.clear();
    }
    return authorization;
}

Result<TokenReply> await_approval(const DeviceAuthorization& authorization, Span limit,
                                  const Clock& clock, Waiter& waiter,
                                  const std::function<TokenAnswer()>& ask,
                                  const std::stop_token& stop) {
    const Span deadline = clock.now().boot + std::min(limit, authorization.expires_in);
    Span interval = authorization.interval;
    Span pause = interval;
    while (true) {
        if (clock.now().boot + pause > deadline) {
            return std::unexpected(ended("was not approved in time"));
        }
        if (!waiter.wait(pause, stop)) return std::unexpected(ended("was cancelled"));
        auto answer = ask();
        if (answer.outcome) return *std::move(answer.outcome);
        if (stop.stop_requested()) return std::unexpected(ended("was cancelled"));
        pause = HEARTH_TRY(after_failure(answer.outcome.error(), interval));
    }
}

Result<DeviceAuthorization> DeviceFlow::begin(const DeviceRequest& request, const Client& client,
                                              const std::stop_token& stop) {
    Form form;
    form.add("scope", request.scopes.to_string());
    for (const auto& resource : request.resources) form.add("resource", resource);
    auto http_request = form_request(request.device_endpoint, client, form);
    const auto answer = HEARTH_TRY(exchange(
        http_, std::move(http_request), "the device authorization endpoint", form.secrets(), stop));
    auto code = answer.secret("device_code");
    DeviceAuthorization authorization{
        .device_code = code ? *std::move(code) : Secret(),
        .user_code = answer.text("user_code"),
        .verification_uri = answer.text("verification_uri"),
        .verification_uri_complete = answer.text("verification_uri_complete"),
        // Required by the RFC; a server that forgets it gets what is customary.
        .expires_in = answer.seconds("expires_in").value_or(std::chrono::minutes(10)),
        .interval = answer.seconds("interval").value_or(slower),
    };
    if (authorization.verification_uri.empty()) {
        authorization.verification_uri = answer.text("verification_url");
    }
    return fit_to_show(std::move(authorization));
}

Result<TokenReply> DeviceFlow::await(const DeviceRequest& request, const Client& client,
                                     const DeviceAuthorization& authorization, Span limit,
                                     const std::stop_token& stop) {
    const auto ask = [&] {
        return tokens_.ask(request.token_endpoint, client,
                           device_grant(authorization.device_code, request.resources), stop);
    };
    return await_approval(authorization, limit, clock_, waiter_, ask, stop);
}

}  // namespace hearth::oauth
