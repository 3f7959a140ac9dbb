// The cases below suite/, in the layout of AWS's own signing test suite: SUITE names the folder.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "example.hpp"
#include "json/document.hpp"

namespace hearth::sigv4 {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
    const std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<fs::path> cases() {
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(fs::path(SUITE) / "v4"))
        folders.push_back(entry.path());
    return folders;
}

// request.txt, taken apart.
struct Written {
    explicit Written(const fs::path& path) : text(contents(path)) {
        std::string_view rest = text;
        const auto head = cut(rest, "\n\n");
        body = rest;
        std::string_view lines = head;
        auto line = cut(lines, "\n");
        method = cut(line, " ");
        auto target = line.substr(0, line.rfind(" HTTP/1.1"));
        path_part = cut(target, "?");
        query = target;
        while (!lines.empty()) {
            auto end = lines.find('\n');
            // A line that begins with a blank goes on with the one before.
            while (end != std::string_view::npos && lines.substr(end + 1).starts_with(' '))
                end = lines.find('\n', end + 1);
            auto header = lines.substr(0, end);
            lines.remove_prefix(std::min(lines.size(), header.size() + 1));
            const auto name = cut(header, ":");
            headers.push_back({name, header});
        }
    }

    static std::string_view cut(std::string_view& rest, std::string_view mark) {
        const auto part = rest.substr(0, rest.find(mark));
        rest.remove_prefix(std::min(rest.size(), part.size() + mark.size()));
        return part;
    }
    [[nodiscard]] Request request() const {
        return {.method = method,
                .host = {},
                .path = path_part,
                .query = query,
                .headers = headers,
                .body = body,
                .payload_hash = {}};
    }

    std::string text;
    std::string_view method, path_part, query, body;
    std::vector<HeaderView> headers;
};

class Suite : public testing::TestWithParam<fs::path> {
  protected:
    Suite()
        : context_(json::Document::parse(contents(GetParam() / "context.json")).value()),
          token_(context_.object("credentials").text("token")) {
        service_.path = context_.flag("normalize") ? PathRule::normalised : PathRule::as_given;
        if (context_.flag("omit_session_token"))
            service_.session_token = SessionToken::is_added_afterwards;
        keys_.session_token = token_;
    }

    json::Document context_;
    std::string token_;
    Keys keys_ = example::keys;
    Service service_ = example::service;
    Written written_{GetParam() / "request.txt"};
    Signer signer_;
};

TEST_P(Suite, is_signed_by_header) {
    if (context_.flag("sign_body")) service_.content_hash = ContentHash::always;
    const auto done = signer_.sign(written_.request(), keys_, service_, example::moment);
    ASSERT_TRUE(done) << done.error().what;
    EXPECT_EQ(done->signature, contents(GetParam() / "header-signature.txt"))
        << contents(GetParam() / "header-canonical-request.txt");
}

TEST_P(Suite, is_signed_by_query) {
    const std::chrono::seconds lifetime(context_.number("expiration_in_seconds").value_or(0));
    const auto query =
        signer_.presign(written_.request(), keys_, service_, example::moment, lifetime);
    ASSERT_TRUE(query) << query.error().what;
    EXPECT_EQ(example::last_value(*query), contents(GetParam() / "query-signature.txt"))
        << contents(GetParam() / "query-canonical-request.txt");
}

std::string case_name(const testing::TestParamInfo<fs::path>& info) {
    auto name = info.param.filename().string();
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Case, Suite, testing::ValuesIn(cases()), case_name);

TEST(SuiteFolder, holds_the_cases) { EXPECT_EQ(cases().size(), 38U); }

}  // namespace
}  // namespace hearth::sigv4
