package seed

import "strings"

// What names are put together from. None of the bulletin's people can come of it: each has a
// surname or a given character in a place where the lists do not hold it.
var (
	surnames = strings.Fields(`陈 王 李 张 刘 周 徐 孙 马 胡 郭 何 高 林 罗 郑 梁 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 潘
		袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 韦 夏 付 方 邹 熊 白 孟 秦 邱 侯 江 尹 薛
		闫 段 黎 史 陶 贺 郝 顾 龚 邵 万 覃 武 钱 戴 严 莫 向 常 汤 葛 季 储 仇 缪 冒 蔺 欧阳 夏侯`)
	firstGiven = strings.Fields(`文 志 建 国 明 晓 海 玉 秀 桂 丽 红 卫 立 永 新 成 家 佳 雨 思 子 梓 浩 宇 欣 静 慧 敏 凤 素
		月 长 宝 光 世 仁 友 安 远 景 正 一 士 为 兆 茂 鸿 若 语 启 予 沐 书 念`)
	lastGiven = strings.Fields(`芳 兰 英 梅 珍 琴 萍 玲 娟 艳 倩 婷 妍 涵 彤 萱 琪 琳 宁 安 福 根 祥 松 鹤
		兵 勇 健 斌 俊 凯 超 帆 航 轩 辰 晨 阳 洋 磊 鑫 生 才 云 月 秋 冬 芸 蓉`)
)

// newName invents a name that nobody of this world has.
func (w *world) newName() string { return w.newNameOf(pick(w, surnames)) }

func (w *world) newNameOf(surname string) string {
	for {
		name := surname + pick(w, firstGiven) + pick(w, lastGiven)
		if w.tree.names == nil {
			w.tree.names = map[string]bool{}
		}
		if !w.tree.names[name] {
			w.tree.names[name] = true
			return name
		}
	}
}

// surname of somebody whose name was invented here: all but the given two characters.
func (p *person) surname() string {
	all := []rune(p.name)
	return string(all[:len(all)-2])
}

// The numbers by which the volunteer of the demonstration and a guardian sign in.
const (
	VolunteerPhone = "19900000001"
	GuardianPhone  = "19900000002"
)

// toldPhones is how many numbers are given already.
const toldPhones = 10

// newPhone is a number that nobody of this world has. No message is ever sent to it.
func (w *world) newPhone() string {
	w.phones++
	return phoneOf(toldPhones + w.phones)
}

// phoneOf is the n-th number.
func phoneOf(n int) string {
	digits := []byte("19900000000")
	for i := len(digits) - 1; n > 0; i, n = i-1, n/10 {
		digits[i] += byte(n % 10)
	}
	return string(digits)
}

// heroName is the volunteer whom the demonstrations follow.
const heroName = "沈玉兰"
