// The same files as botocore reads them. Where the two are to agree, files are generated; where
// they are to differ, each difference stands here with its reason, and fails when botocore changes.
#include <gtest/gtest.h>

#include "providers/aws/shared_file.hpp"
#include "unit/aws/botocore.hpp"
#include "unit/aws/shown.hpp"

namespace hearth::providers::aws {
namespace {

struct Files {
    std::string config;
    std::string credentials;
};

std::vector<std::string> by_botocore(const std::vector<Files>& all) {
    const testing::TemporaryFolder folder;
    for (std::size_t i = 0; i < all.size(); ++i) {
        testing::put(folder / (std::to_string(i) + ".config"), all[i].config);
        testing::put(folder / (std::to_string(i) + ".credentials"), all[i].credentials);
    }
    return botocore_says("botocore_files.py", folder);
}

// A profile of both files, key by key.
Sections merged(Sections config, Sections credentials) {
    for (auto& [name, section] : credentials)
        for (auto& [key, property] : section.properties)
            config[name].properties.insert_or_assign(key, std::move(property));
    for (auto& [name, section] : credentials) config.try_emplace(name);
    return config;
}

std::string by_hearth(const Files& files) {
    auto config = parse_shared_file(files.config, "config", SharedFileKind::config);
    auto credentials =
        parse_shared_file(files.credentials, "credentials", SharedFileKind::credentials);
    if (!config || !credentials) return "error";
    auto text = shown("", merged(std::move(config->profiles), std::move(credentials->profiles))) +
                shown("session:", config->sso_sessions);
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
        text.replace(at, 1, "\\n");
    return text;
}

// Makes files of what both grammars have.
class Writer {
  public:
    explicit Writer(unsigned seed) : chance_(seed) {}

    Files files() {
        Files files{.config = file("profile "), .credentials = file("")};
        if (chance_.one_in(4)) files.credentials.clear();
        if (chance_.one_in(8)) files.config.clear();
        if (chance_.one_in(12)) spoil(chance_.one_in(2) ? files.config : files.credentials);
        return files;
    }

  private:
    std::string file(const std::string& prefix) {
        std::string text =
            chance_.one_in(3) ? chance_.any({"# at the top\n", "\n\n", "; a = b\n \t\n"}) : "";
        // In an order of its own, each once: botocore takes no section twice.
        for (const auto* name : {"default", "work", "a-b_c/d.e@f:g+h%i", "Upper", "x1"})
            if (!chance_.one_in(3))
                text += section(std::string(name) == "default" ? "" : prefix, name);
        if (!prefix.empty() && chance_.one_in(2)) text += section("sso-session ", "corp");
        if (!prefix.empty() && chance_.one_in(4)) text += section("", "ignored");
        if (chance_.one_in(3)) replace_line_ends(text);
        return text;
    }

    std::string section(const std::string& prefix, const std::string& name) {
        std::string text =
            "[" + prefix + name + "]" + chance_.any({"\n", "\n", " \n", "\t# told\n"});
        for (const auto* key : {"region", "Role_ARN", "source_profile", "credential_process",
                                "aws_access_key_id", "aws_secret_access_key", "output", "s3"})
            if (chance_.one_in(3)) text += property(key);
        return text;
    }

    std::string property(const std::string& key) {
        std::string text = key + chance_.any({" = ", "=", " =", "= ", "\t=\t"});
        if (key == "s3" && chance_.one_in(2)) {
            text += "\n" + chance_.any({"  ", "\t", " "}) + "endpoint_url" +
                    chance_.any({"=", " = "}) + value();
            if (chance_.one_in(2)) text += "\n   max_queue_size = " + value();
        } else {
            text += value();
            for (auto lines = chance_.one_in(4) ? chance_.below(3) : 0; lines > 0; --lines)
                text += "\n" + chance_.any({" ", "    ", "\t"}) + value();
        }
        return text + chance_.any({"\n", "\n", "\n", " \t\n", "\n\n", "\n# between\n", "\n;\n"});
    }

    std::string value() {
        return chance_.any({"eu-west-1", "arn:aws:iam::123456789012:role/x", "a=b==", "x y  z",
                            "/usr/bin/tool --arg \"two words\"", "wJalr/+bPxRfi", "h#sh;semi", "1",
                            "[x]", "https://x.example/start#/", "\xC3\xA9\xE2\x82\xAC",
                            "%(region)s", "$HOME", "~"});
    }

    void replace_line_ends(std::string& text) {
        for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2))
            text.insert(at, "\r");
    }

    // What neither of the two takes.
    void spoil(std::string& text) {
        if (chance_.one_in(2)) {
            text.insert(0, chance_.any({"a = b\n", "word\n", "= x\n"}));
        } else {
            text += chance_.any({"\nword\n", "\n[default\n", "\n= x\n", "\n[profile last]\nword\n",
                                 "\n[nested]\ns3 =\n  word\n"});
        }
    }

    Chance chance_;
};

TEST(BotocoreFiles, are_read_alike) {
    std::vector<Files> all;
    all.reserve(600);
    for (unsigned seed = 0; seed < 600; ++seed) all.push_back(Writer(seed).files());
    const auto botocore = by_botocore(all);
    ASSERT_EQ(botocore.size(), all.size());
    std::size_t refused = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        refused += botocore[i] == "error" ? 1 : 0;
        EXPECT_EQ(by_hearth(all[i]), botocore[i]) << "seed " << i << "\nconfig:\n"
                                                  << all[i].config << "\ncredentials:\n"
                                                  << all[i].credentials;
    }
    EXPECT_GT(refused, 10);
    EXPECT_LT(refused, all.size() / 4);
}

struct Difference {
    const char* reason;
    Files files;
    const char* hearth;
    const char* botocore;
};

const std::vector<Difference>& differences() {
    static const std::vector<Difference> all{
        {"SDKs merge what is there twice",
         {"[profile a]\nx = 1\n[profile a]\ny = 2\n", ""},
         "a{x=1, y=2}",
         "error"},
        {"SDKs let the last of equal keys win",
         {"[profile a]\nx = 1\nx = 2\n", ""},
         "a{x=2}",
         "error"},
        {"SDKs have comments behind values",
         {"[profile a]\nx = 1 # one\n", ""},
         "a{x=1}",
         "a{x=1 # one}"},
        {"a key is divided at '=' alone", {"[profile a]\nx : 1\n", ""}, "error", "a{x=1}"},
        {"an indented line is part of the value, whatever it begins with",
         {"[profile a]\nx = 1\n # 2\n", ""},
         "a{x=1\\n# 2}",
         "a{x=1}"},
        {"a blank line is no part of a value",
         {"[profile a]\nx = 1\n\n 2\n", ""},
         "a{x=1\\n2}",
         "a{x=1\\n\\n2}"},
        {"a section begins at the line's beginning",
         {"[profile a]\n [profile b]\n", ""},
         "error",
         "a{}b{}"},
        {"a setting begins at the line's beginning",
         {"[profile a]\n x = 1\n", ""},
         "error",
         "a{x=1}"},
        {"names are not quoted, and hold no blanks",
         {"[profile 'a b']\nx = 1\n", ""},
         "",
         "a b{x=1}"},
        {"names have no other characters", {"[profile a!b]\nx = 1\n", ""}, "", "a!b{x=1}"},
        {"blanks around a name are not part of it",
         {"[ profile a ]\nx = 1\n", "[ a ]\ny = 2\n"},
         "a{x=1, y=2}",
         " a {y=2}"},
        {"[profile default] takes the place of [default]",
         {"[profile default]\nx = 1\n[default]\ny = 2\n", ""},
         "default{x=1}",
         "default{y=2}"},
        {"the credentials file has no prefixes",
         {"", "[profile a]\nx = 1\n"},
         "",
         "profile a{x=1}"},
        {"[DEFAULT] is no section of all",
         {"[DEFAULT]\nx = 1\n[profile a]\ny = 2\n", ""},
         "a{y=2}",
         "a{x=1, y=2}"},
        {"names of settings have no blanks", {"[profile a]\nx y = 1\n", ""}, "a{}", "a{x y=1}"},
        {"a byte order mark is passed over",
         {"\xEF\xBB\xBF[profile a]\nx = 1\n", ""},
         "a{x=1}",
         "error"},
        {"nested keys are in lower case too",
         {"[profile a]\ns3 =\n  X = 1\n", ""},
         "a{s3=<x=1>}",
         "a{s3=<X=1>}"},
    };
    return all;
}

TEST(BotocoreFiles, are_read_differently_on_purpose) {
    std::vector<Files> all;
    for (const auto& difference : differences()) all.push_back(difference.files);
    const auto botocore = by_botocore(all);
    ASSERT_EQ(botocore.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& difference = differences()[i];
        EXPECT_EQ(by_hearth(all[i]), difference.hearth) << difference.reason;
        EXPECT_EQ(botocore[i], difference.botocore) << difference.reason;
    }
}

}  // namespace
}  // namespace hearth::providers::aws
