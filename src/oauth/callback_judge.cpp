#include "oauth/callback_judge.hpp"

#include <algorithm>
#include <string_view>

#include "oauth/callback_page.hpp"

namespace hearth::oauth {
namespace {

using Stage = Progress::Stage;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

// A sign-in comes back as a page of its own. Browsers say of each request what it is for, which no
// page can make them conceal; so an image, a frame or a script's request is told from it.
bool no_page_of_its_own(const Header& header) {
    return same(header.name, "Sec-Fetch-Dest") && !same(header.value, "document");
}

// A page on the web can make a browser send requests here, but neither with our Host nor without
// its Origin.
bool from_elsewhere(const CallbackExpectation& expected, const CallbackRequest& request) {
    const auto port = ":" + std::to_string(expected.port);
    int hosts = 0;
    for (const auto& header : request.headers) {
        if (same(header.name, "Origin") || no_page_of_its_own(header)) return true;
        if (!same(header.name, "Host")) continue;
        ++hosts;
        const auto is = [&](std::string_view name) {
            return same(header.value, std::string(name) + port);
        };
        if (!is("127.0.0.1") && !is("localhost") && !is("[::1]")) return true;
    }
    return hosts != 1;
}

std::string_view path_of(const CallbackRequest& request) {
    return std::string_view(request.target).substr(0, request.target.find('?'));
}

CallbackReply last_page(const Progress& progress) {
    switch (progress.stage) {
        case Stage::worked:
            return callback_page(200, "You are signed in", "You can close this tab.");
        case Stage::failed:
            return callback_page(200, "Signing in did not work",
                                 progress.text + ". You can close this tab.");
        case Stage::received:
        case Stage::waiting:
            break;
    }
    return callback_page(200, "Almost there",
                         "hearth is finishing; the terminal says whether it worked. You can close "
                         "this tab.");
}

CallbackVerdict judge_answer(const CallbackExpectation& expected, const CallbackRequest& request) {
    const auto bad = [](std::string_view why) {
        return CallbackVerdict{
            .reply = callback_page(400, "Not the answer that is awaited",
                                   std::string(why) + ". The sign-in goes on in its own tab."),
            .outcome = {}};
    };
    const std::string_view target = request.target;
    const auto query =
        Query::parse(target.substr(std::min(target.find('?'), target.size() - 1) + 1));
    if (!query) return bad("It cannot be read");
    auto verdict = judge_response(expected.response, *query);
    if (!verdict.outcome) return bad("This answer is not used: " + verdict.complaint);
    return {.reply = callback_redirect(done_path(expected)), .outcome = std::move(verdict.outcome)};
}

}  // namespace

std::string done_path(const CallbackExpectation& expected) {
    return expected.path == "/done" ? "/finished" : "/done";
}

bool asks_for_done(const CallbackExpectation& expected, const Progress& progress,
                   const CallbackRequest& request) {
    return progress.stage != Stage::waiting && request.method == "GET" &&
           request.target == done_path(expected) && !from_elsewhere(expected, request);
}

CallbackVerdict judge(const CallbackExpectation& expected, const Progress& progress,
                      const CallbackRequest& request) {
    const auto refuse = [](int status, std::string_view title, std::string_view text) {
        return CallbackVerdict{.reply = callback_page(status, title, text), .outcome = {}};
    };
    if (from_elsewhere(expected, request)) {
        return refuse(403, "Refused", "This address is only for the sign-in that opened it.");
    }
    if (asks_for_done(expected, progress, request)) {
        return {.reply = last_page(progress), .outcome = {}};
    }
    if (path_of(request) != expected.path) return refuse(404, "Not found", "Nothing is here.");
    if (request.method != "GET") {
        auto verdict = refuse(405, "Not like this", "Only GET is answered here.");
        verdict.reply.headers.push_back({"Allow", "GET"});
        return verdict;
    }
    if (progress.stage != Stage::waiting) {
        return refuse(410, "Already used",
                      "This sign-in has had its answer. You can close this tab.");
    }
    return judge_answer(expected, request);
}

}  // namespace hearth::oauth
